import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import {
  type CancellationToken,
  type Connection,
  createConnection,
  ErrorCodes,
  type InitializeParams,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { messageOf, RunRecordError } from '../protocol/errors.ts';
import type { NotificationName, Notifications, RequestName, ServerInfo } from '../protocol/rpc.ts';
import { rpcVersion } from '../protocol/rpc.ts';
import { publishDiagnostics } from './diagnostics/publish.ts';
import { Folders } from './folders.ts';
import { readHandshake } from './handshake.ts';
import { requestParams } from './request-params.ts';
import { requestHandlers } from './requests.ts';
import type { Problem, ServerDeps, Session } from './session.ts';
import { spareMemory } from './spare-memory.ts';

/**
 * The language server on standard input and output. It ends with its client: when the input is
 * closed, on `exit`, or when the client's process is gone.
 */
export function serve(deps: ServerDeps): Promise<never> {
  spareMemory();
  const connection = createConnection(process.stdin, process.stdout);
  let started: { session: Session; folders: Folders } | null = null;

  connection.onInitialize((params) => {
    const handshake = readHandshake(params.initializationOptions, deps.version);
    const session: Session = {
      deps,
      trusted: handshake.trusted,
      refusal: handshake.refusal,
      tell: tellOnce(connection, handshake.isOurs),
      log: (text) => connection.console.log(text),
    };
    const folders = new Folders(session, (changed) => {
      if (handshake.isOurs) notify(connection, 'runrecord/changed', changed);
    });
    started = { session, folders };
    process.once('exit', () => folders.dispose());
    connection.onInitialized(() => begin(connection, session, folders, params));
    return {
      capabilities: capabilities(deps.version),
      serverInfo: { name: 'runrecord', version: deps.version },
    };
  });

  for (const method of Object.keys(requestHandlers) as RequestName[]) {
    connection.onRequest(method, (params: unknown, token: CancellationToken) => {
      if (started === null) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'Not yet.');
      return answer(method, params, { ...started, token });
    });
  }
  connection.listen();
  return new Promise(() => {});
}

function capabilities(version: string): ServerCapabilities {
  const runrecord: ServerInfo = { rpcVersion, version };
  return {
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
    },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    experimental: { runrecord },
  };
}

function begin(
  connection: Connection,
  session: Session,
  folders: Folders,
  { capabilities: client, workspaceFolders, rootUri }: InitializeParams,
): void {
  if (session.refusal !== null) {
    const { code, message, action } = session.refusal;
    session.tell({ code, message, action });
  }
  if (client.workspace?.workspaceFolders === true) {
    connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) =>
      folders.change(pathsOf(added), pathsOf(removed)),
    );
  }
  const only = rootUri ? [{ uri: rootUri }] : [];
  folders.change(pathsOf(workspaceFolders ?? only), []);
  publishDiagnostics(connection, session, folders);
}

/** Only what lies in a file system of this machine. */
function pathsOf(folders: readonly { uri: string }[]): string[] {
  return folders.flatMap(({ uri }) => {
    try {
      return [fileURLToPath(uri).replace(/(?<=.)[\\/]$/, '')];
    } catch {
      return [];
    }
  });
}

async function answer(
  method: RequestName,
  params: unknown,
  context: { session: Session; folders: Folders; token: CancellationToken },
): Promise<unknown> {
  const { session, token } = context;
  if (session.refusal !== null) throw toResponseError(session.refusal);
  const parsed = v.safeParse(requestParams[method], params);
  if (!parsed.success) {
    throw new ResponseError(ErrorCodes.InvalidParams, v.summarize(parsed.issues));
  }
  const handle = requestHandlers[method] as (
    given: unknown,
    all: typeof context,
  ) => Promise<unknown>;
  const cancellation = new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
  // A request that was cancelled before its turn has a token that tells it to nobody.
  if (token.isCancellationRequested) throw cancellation;
  const cancelled = Promise.withResolvers<never>();
  const listener = token.onCancellationRequested(() => cancelled.reject(cancellation));
  try {
    // What cannot be stopped goes on by itself, and nobody waits for it.
    return await Promise.race([handle(parsed.output, context), cancelled.promise]);
  } catch (thrown) {
    if (thrown instanceof ResponseError) throw thrown;
    if (!(thrown instanceof RunRecordError)) session.log(stackOf(thrown));
    throw toResponseError(thrown);
  } finally {
    listener.dispose();
  }
}

function toResponseError(thrown: unknown): ResponseError<Problem> {
  const known = thrown instanceof RunRecordError ? thrown : null;
  const message = known?.message ?? `Something went wrong in the agent: ${messageOf(thrown)}`;
  return new ResponseError(LSPErrorCodes.RequestFailed, message, {
    code: known?.code ?? 'internal',
    message,
    action: known?.action ?? 'Try again; the log of the agent says where it happened.',
  });
}

const stackOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.stack : undefined) ?? String(thrown);

function notify<M extends NotificationName>(
  connection: Connection,
  method: M,
  params: Notifications[M],
): void {
  // A client that has just gone is not told.
  connection.sendNotification(method, params).catch(() => {});
}

/** A client that does not know our notification finds a problem in its log. */
function tellOnce(connection: Connection, isOurs: boolean): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    const key = [problem.folder, problem.code, problem.message].join('\0');
    if (told.has(key)) return;
    told.add(key);
    if (isOurs) notify(connection, 'runrecord/problem', problem);
    else connection.console.warn(`${problem.message} ${problem.action}`);
  };
}
