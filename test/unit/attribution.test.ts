import assert from 'node:assert/strict';
import type { BytePath } from '../../agent/capture/byte-path.ts';
import { createAttribution, type OtherWriter } from '../../agent/recorder/attribution.ts';
import type { Known } from '../../agent/recorder/outputs/known-files.ts';

interface Situation {
  /** When this run opened the file, and when it recorded a version of its own. */
  opened?: number;
  told?: number;
  recorded?: number;
  named?: boolean;
  writers?: Partial<OtherWriter>[];
  rivals?: string[];
  given?: boolean;
  declared?: boolean;
  unattended?: boolean;
}

function attribute(situation: Situation) {
  const { opened, told, recorded, writers = [], rivals = [] } = situation;
  const attributed = createAttribution({
    id: 'me',
    rivals: () => rivals,
    openedAtMs: () => ({ hook: opened ?? null, argument: told ?? null }),
    writersOf: () =>
      writers.map((writer) => ({
        ...{ id: 'other', openedAtMs: null, recordedAtMs: null, isOver: false },
        ...writer,
      })),
    isGiven: () => situation.given ?? true,
    declared: situation.declared ?? false,
    unattended: situation.unattended ?? false,
  });
  const known =
    recorded === undefined
      ? undefined
      : ({
          recordedAtMs: recorded,
          attributed: { attribution: { kind: 'observed', runs: ['me'] } },
        } as Known);
  const found = attributed('/w/a' as BytePath, situation.named ?? false, known);
  return found && `${found.attribution.kind} ${found.attribution.runs} by ${found.seen}`;
}

describe('a version of a file', () => {
  it('is of the run that was seen to write it, or said so, whoever else had the place', () => {
    assert.equal(attribute({ opened: 1, rivals: ['other'] }), 'observed me by hook');
    assert.equal(attribute({ named: true }), 'observed me by declared');
    assert.equal(attribute({ told: 1 }), 'observed me by argument');
    assert.equal(attribute({ opened: 1, unattended: true }), 'observed me by hook');
  });

  it('is not of this run where only another was seen to write it', () => {
    assert.equal(attribute({ writers: [{ openedAtMs: 1 }], rivals: ['other'] }), null);
    assert.equal(attribute({ writers: [{ recordedAtMs: 1 }], declared: true }), null);
  });

  it('is contested where both wrote, and neither had finished before the other began', () => {
    const both = 'contested me,other by hook';
    assert.equal(attribute({ opened: 1000, writers: [{ openedAtMs: 1000 }] }), both);
    assert.equal(attribute({ opened: 1000, writers: [{ openedAtMs: 1 }] }), both);
    assert.equal(attribute({ opened: 1, writers: [{ openedAtMs: 1000 }] }), both);
    // It has written again since it recorded a version.
    const again = { opened: 3000, recorded: 1500, writers: [{ openedAtMs: 2000 }] };
    assert.equal(attribute(again), both);
  });

  it('is of the one that came when the other had finished', () => {
    const before = { openedAtMs: 1000, recordedAtMs: 1500 };
    assert.equal(attribute({ opened: 2000, writers: [before] }), 'observed me by hook');
    const over = { openedAtMs: 1000, isOver: true };
    assert.equal(attribute({ opened: 2000, writers: [over] }), 'observed me by hook');
    assert.equal(
      attribute({ opened: 1000, recorded: 1500, writers: [{ openedAtMs: 2000 }] }),
      null,
    );
  });

  it('is contested with all that had the place where nobody was seen to write it', () => {
    assert.equal(attribute({ rivals: ['b', 'a'] }), 'contested a,b,me by scan');
    assert.equal(attribute({}), 'exclusive-directory me by scan');
    assert.equal(attribute({ given: false, declared: true }), 'unattributed me by scan');
    assert.equal(attribute({ unattended: true }), 'unattributed me by scan');
    assert.equal(attribute({ unattended: true, declared: true }), 'exclusive-directory me by scan');
  });
});
