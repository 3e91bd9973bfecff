// Started by the runner before the tier `ui`: the package that users get, into the folder that is
// named. Its path is the one line on standard output.
import { makePackage } from '../../../extension/package.mjs';

console.log = console.error;
process.stdout.write(await makePackage(process.argv[2]));
