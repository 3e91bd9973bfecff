// What is used of playwright-core, which lies beside the host and not among the packages.

export interface Locator {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  locator(selector: string): Locator;
  filter(options: { hasText: string | RegExp }): Locator;
  click(options?: {
    button?: 'left' | 'right';
    timeout?: number;
    modifiers?: string[];
  }): Promise<void>;
  dblclick(): Promise<void>;
  hover(options?: { timeout?: number }): Promise<void>;
  press(key: string): Promise<void>;
  fill(text: string): Promise<void>;
  count(): Promise<number>;
  isVisible(): Promise<boolean>;
  textContent(): Promise<string | null>;
  allTextContents(): Promise<string[]>;
  getAttribute(name: string): Promise<string | null>;
  waitFor(options?: {
    state?: 'attached' | 'detached' | 'visible' | 'hidden';
    timeout?: number;
  }): Promise<void>;
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
}

export interface Page {
  goto(url: string, options?: { waitUntil?: 'domcontentloaded' | 'load' }): Promise<unknown>;
  reload(): Promise<unknown>;
  url(): string;
  locator(selector: string): Locator;
  keyboard: {
    press(key: string): Promise<void>;
    type(text: string, options?: { delay?: number }): Promise<void>;
  };
  mouse: { move(x: number, y: number): Promise<void> };
  screenshot(options: {
    path: string;
    clip?: { x: number; y: number; width: number; height: number };
  }): Promise<unknown>;
  evaluate<T>(script: string): Promise<T>;
  setViewportSize(size: { width: number; height: number }): Promise<void>;
  on(event: 'console', listener: (message: { text(): string; type(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  close(): Promise<void>;
}

export interface Browser {
  newContext(options: {
    viewport: { width: number; height: number };
    deviceScaleFactor?: number;
    permissions?: string[];
    reducedMotion?: 'reduce';
  }): Promise<{ newPage(): Promise<Page>; close(): Promise<void> }>;
  close(): Promise<void>;
}

export interface Playwright {
  chromium: {
    launch(options: {
      executablePath: string;
      args: string[];
      headless: boolean;
    }): Promise<Browser>;
  };
}
