import type { Redactor } from '../../core/redaction/redactor.ts';
import type { KeepObject } from '../../core/seams.ts';
import type { Failure } from '../../protocol/record.ts';
import type { Recording } from '../recording.ts';
import { ConfigTaker } from './config-taker.ts';
import { EnvironmentTaker } from './environment-taker.ts';
import { FailureTaker } from './failure-taker.ts';
import { MainProcess } from './main-process.ts';
import { MetricTaker } from './metric-taker.ts';
import type { Taker } from './observation.ts';
import { RedactionTaker } from './redaction-taker.ts';

export interface WordsOptions {
  recording: Recording;
  root: string;
  /** Where the program runs, absolute. */
  cwd: string;
  redactor: Redactor;
  cacheFolder: string;
  keepObject: KeepObject;
  /** Lines of each file of which an earlier recorder took the metrics. */
  metricLines: Record<string, number>;
}

export interface Words {
  takers: Taker[];
  config: ConfigTaker;
  metrics: MetricTaker;
  /** The exception that nobody caught; null where none was seen. */
  exception(): Failure | null;
}

/** Everything that is told from inside but files: configuration, environment, metrics, failure. */
export function takeWords(options: WordsOptions): Words {
  const { recording, redactor, metricLines, cacheFolder } = options;
  const main = new MainProcess(() => recording.record.lifecycle.process?.pid ?? null);
  const config = new ConfigTaker({ ...options, main });
  const metrics = new MetricTaker(recording, metricLines);
  const failure = new FailureTaker(main, redactor);
  const environment = new EnvironmentTaker({ recording, main, redactor, cacheFolder });
  return {
    takers: [main, config, environment, metrics, failure, new RedactionTaker(recording)],
    config,
    metrics,
    exception: () => failure.exception,
  };
}
