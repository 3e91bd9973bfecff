import { countOf } from '../core/text/size.ts';
import { makeVisible } from '../core/text/visible.ts';
import { exitCodes } from '../protocol/names.ts';
import type { Check, Evidence, GateResult } from '../protocol/verbs.ts';
import { readLaunchOptions } from './options.ts';
import type { Output } from './output.ts';
import type { VerbInput } from './verb.ts';

const exits = { clean: exitCodes.done, warn: exitCodes.warned, block: exitCodes.blocked };
const words = { clean: 'clean', warn: 'warning', block: 'blocked' };
const mostEvidence = 20;

/** `runrecord check`: what the gates say of a launch, without launching. */
export async function act({ deps, output, operands, options, command }: VerbInput) {
  const check = await deps.checkLaunch(readLaunchOptions(operands, options, command));
  if (output.json) await output.printJson(check);
  else await output.print(describeCheck(check, output));
  return exits[check.verdict];
}

/** Each gate that found something with its evidence; the clean ones in one line. */
function describeCheck(check: Check, output: Output): string[] {
  const found = check.gates.filter((gate) => gate.verdict !== 'clean' || gate.evidence.length > 0);
  const clean = check.gates.length - found.length;
  const lines = found.flatMap((gate) => describeGate(gate, output));
  if (clean > 0) lines.push(`${countOf(clean, 'gate')} found nothing.`);
  const blocked = check.gates.filter((gate) => gate.verdict === 'block').length;
  const warned = check.gates.filter((gate) => gate.verdict === 'warn').length;
  if (blocked > 0) lines.push(`The launch would be blocked by ${countOf(blocked, 'gate')}.`);
  else if (warned > 0) lines.push(`The launch would go on with ${countOf(warned, 'warning')}.`);
  else lines.push('The launch is clear.');
  return lines;
}

function describeGate(gate: GateResult, output: Output): string[] {
  // Allowed findings are told all the same: their verdict is clean, their evidence is not empty.
  const word = gate.verdict === 'clean' ? 'allowed' : words[gate.verdict];
  const lines = [`${output.paint(word.padEnd(8), gate.verdict)} ${gate.gate}`];
  for (const evidence of gate.evidence.slice(0, mostEvidence)) {
    lines.push(`         ${describeEvidence(evidence)}`);
  }
  const more = gate.evidence.length - mostEvidence;
  if (more > 0) lines.push(`         and ${more} more (--json lists them)`);
  if (gate.action !== null) lines.push(`         ${makeVisible(gate.action)}`);
  return lines;
}

function describeEvidence({ path, line, column, message }: Evidence): string {
  const at = line === null ? '' : `:${line}${column === undefined ? '' : `:${column}`}`;
  const place = path === null ? '' : `${makeVisible(path)}${at}: `;
  return `${place}${makeVisible(message)}`;
}
