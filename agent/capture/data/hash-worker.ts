import { parentPort } from 'node:worker_threads';
import { answerRequest, type HashRequest } from './hash-job.ts';

/** The thread that `hash-pool.ts` starts: one reply for each request. */
parentPort?.on('message', (request: HashRequest) => {
  parentPort?.postMessage(answerRequest(request));
});
