import { Hooked } from './hooked.ts';
import { missingVersions, type Python, pythons } from './pythons.ts';

/** The suite once for each Python that is found; where one is not, it says so by a skipped test. */
export function withEachPython(about: string, suite: (given: Given) => void): void {
  for (const python of pythons) {
    describe(`${about}, on Python ${python.version}`, () => {
      let hooked: Hooked | null = null;
      const given: Given = {
        python,
        hooked: (files, secretNames) => {
          hooked?.dispose();
          hooked = new Hooked(files, secretNames);
          return hooked;
        },
      };
      afterEach(() => {
        hooked?.dispose();
        hooked = null;
      });
      suite(given);
    });
  }
  for (const version of missingVersions) {
    it.skip(`${about}, on Python ${version}: there is none on this machine`);
  }
}

export interface Given {
  python: Python;
  /** A new folder with these files; removed after the test. */
  hooked(files?: Record<string, string>, secretNames?: string[]): Hooked;
}
