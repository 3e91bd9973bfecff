import * as v from 'valibot';
import { RunRecordError } from '../protocol/errors.ts';
import { type ClientOptions, rpcVersion } from '../protocol/rpc.ts';

const Options = v.object({
  rpcVersion: v.number(),
  clientVersion: v.optional(v.string(), 'of an unknown version'),
  trusted: v.optional(v.boolean(), false),
});

export interface Handshake {
  /** The client knows our notifications; any other gets what is standard alone. */
  isOurs: boolean;
  trusted: boolean;
  refusal: RunRecordError | null;
}

/**
 * What a client said of itself. One without options is another editor, whose user set it up to run
 * this server: it is trusted. One with options that cannot be read is not.
 */
export function readHandshake(given: unknown, version: string): Handshake {
  if (given === undefined || given === null) {
    return { isOurs: false, trusted: true, refusal: null };
  }
  const parsed = v.safeParse(Options, given);
  if (!parsed.success) {
    const refusal = mismatch(
      `The options of the editor cannot be read: ${v.summarize(parsed.issues)}.`,
    );
    return { isOurs: true, trusted: false, refusal };
  }
  const options: ClientOptions = parsed.output;
  const refusal =
    options.rpcVersion === rpcVersion
      ? null
      : mismatch(
          `The extension (${options.clientVersion}) speaks version ${options.rpcVersion} of the protocol, this agent (${version}) version ${rpcVersion}.`,
        );
  return { isOurs: true, trusted: options.trusted && refusal === null, refusal };
}

function mismatch(message: string): RunRecordError {
  return new RunRecordError(
    'version-mismatch',
    message,
    'Reload the window; if it stays, update Run Record so that both are of one version.',
  );
}
