import {
  type Element,
  elementText,
  isSweep,
  OverrideError,
  readFloat,
  readInt,
  type Sweep,
} from './hydra-element.ts';

type Argument = Element | Sweep;

const sweepLimit = 10_000;

/** The functions of Hydra's override grammar: casts, sweeps, and what is done with sweeps. */
export function callFunction(
  name: string,
  positional: Argument[],
  named: ReadonlyMap<string, Argument>,
): Argument {
  const argument = (i: number, key: string) => positional[i] ?? named.get(key);
  switch (name) {
    case 'int':
    case 'float':
    case 'str':
    case 'bool':
      return castAll(name, positional.length > 1 ? simple(positional) : argument(0, 'value'));
    case 'choice':
      return choice(positional);
    case 'range':
      return range(argument(0, 'start'), argument(1, 'stop'), argument(2, 'step'));
    case 'interval':
      return {
        kind: 'interval',
        items: null,
        numbers: [number(argument(0, 'start')), number(argument(1, 'end'))],
      };
    case 'glob':
      return glob(argument(0, 'include'), argument(1, 'exclude'));
    case 'tag': {
      const sweep = named.get('sweep') ?? positional.at(-1);
      if (sweep === undefined || !isSweep(sweep)) throw new OverrideError('tag() needs a sweep');
      return sweep;
    }
    case 'sort':
      return sort(positional.length > 1 ? simple(positional) : positional[0], named.get('reverse'));
    case 'shuffle':
      return positional.length > 1 ? simple(positional) : need(positional[0], name);
    default:
      throw new OverrideError(`there is no function ${name}()`);
  }
}

function need(value: Argument | undefined, name: string): Argument {
  if (value === undefined) throw new OverrideError(`${name}() needs a value`);
  return value;
}

function plain(value: Argument | undefined, name: string): Element {
  const given = need(value, name);
  if (isSweep(given)) throw new OverrideError(`${name}() takes no sweep here`);
  // In a function quotes are only the way to write a text.
  return given.kind === 'text' ? { kind: 'text', value: given.value } : given;
}

function number(value: Argument | undefined): Element {
  const given = plain(value, 'range');
  if (given.kind !== 'int' && given.kind !== 'float') throw new OverrideError('it takes numbers');
  return given;
}

function simple(values: Argument[]): Sweep {
  return { kind: 'simple', items: values.map((value) => plain(value, 'choice')) };
}

function choice(values: Argument[]): Sweep {
  const [first] = values;
  if (first === undefined) throw new OverrideError('choice() needs a value');
  if (values.length === 1 && isSweep(first)) {
    if (first.kind !== 'simple') throw new OverrideError('a choice of a choice is none');
    return { ...first, kind: 'choice' };
  }
  return { kind: 'choice', items: values.map((value) => plain(value, 'choice')) };
}

function range(first: Argument | undefined, second?: Argument, third?: Argument): Sweep {
  const start: Element = second === undefined ? { kind: 'int', value: 0 } : number(first);
  const stop = number(second ?? first);
  const step: Element = third === undefined ? { kind: 'int', value: 1 } : number(third);
  return { kind: 'range', items: countRange(start, stop, step), numbers: [start, stop, step] };
}

function countRange(start: Element, stop: Element, step: Element): Element[] | null {
  const [from, to, by] = [start, stop, step].map((end) => Number(elementText(end)));
  if (from === undefined || to === undefined || by === undefined || by === 0) return null;
  const kind = [start, stop, step].every((end) => end.kind === 'int') ? 'int' : 'float';
  const items: Element[] = [];
  // In decimals, as Hydra counts: 0.1 three times is 0.3.
  const digits = Math.max(...[from, by].map((end) => (String(end).split('.')[1] ?? '').length));
  for (let i = 0; i < sweepLimit; i++) {
    const value = Number((from + i * by).toFixed(Math.min(digits, 20)));
    if (by > 0 ? value >= to : value <= to) return items;
    items.push({ kind, value });
  }
  return null;
}

function glob(include: Argument | undefined, exclude: Argument | undefined): Sweep {
  const texts = (value: Argument | undefined): string[] => {
    if (value === undefined) return [];
    const given = plain(value, 'glob');
    return given.kind === 'list' ? given.items.map(elementText) : [elementText(given)];
  };
  if (include === undefined) throw new OverrideError('glob() needs a pattern');
  return { kind: 'glob', items: null, include: texts(include), exclude: texts(exclude) };
}

function sort(value: Argument | undefined, reverse: Argument | undefined): Argument {
  const given = need(value, 'sort');
  const back = reverse !== undefined && !isSweep(reverse) && elementText(reverse) === 'True';
  const order = (items: Element[]) => {
    const sorted = items.toSorted((a, b) => compare(a, b));
    return back ? sorted.reverse() : sorted;
  };
  if (given.kind === 'list') return { kind: 'list', items: order(given.items) };
  if (!isSweep(given)) throw new OverrideError('sort() takes a list or a sweep');
  return given.items === null ? given : { ...given, items: order(given.items) };
}

function compare(a: Element, b: Element): number {
  const [x, y] = [a, b].map((item) => ('value' in item ? item.value : elementText(item)));
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  return String(x) < String(y) ? -1 : String(x) > String(y) ? 1 : 0;
}

function castAll(name: 'int' | 'float' | 'str' | 'bool', value: Argument | undefined): Argument {
  const given = need(value, name);
  if (isSweep(given)) {
    if (given.items === null) return given;
    return { ...given, items: given.items.map((item) => castOne(name, item)) };
  }
  return castOne(name, given);
}

function castOne(name: 'int' | 'float' | 'str' | 'bool', value: Element): Element {
  if (value.kind === 'list')
    return { ...value, items: value.items.map((item) => castOne(name, item)) };
  if (value.kind === 'dict') {
    const entries = value.entries.map(([key, item]): [Element, Element] => [
      key,
      castOne(name, item),
    ]);
    return { ...value, entries };
  }
  if (value.kind === 'null') throw new OverrideError(`${name}() takes no null`);
  const text = elementText(value).trim();
  switch (name) {
    case 'str':
      return {
        kind: 'text',
        value: value.kind === 'bool' ? String(value.value) : elementText(value),
      };
    case 'bool': {
      if (value.kind !== 'text')
        return { kind: 'bool', value: Boolean(Number(text)) || text === 'True' || text === 'nan' };
      if (!/^(?:true|false)$/i.test(value.value))
        throw new OverrideError(`${text} is neither true nor false`);
      return { kind: 'bool', value: value.value.toLowerCase() === 'true' };
    }
    case 'int':
      if (value.kind === 'bool') return { kind: 'int', value: Number(value.value) };
      if (value.kind === 'int') return value;
      if (value.kind === 'float' && Number.isFinite(value.value)) {
        return readInt(String(BigInt(Math.trunc(value.value))));
      }
      if (!/^[-+]?\d(?:_?\d)*$/.test(text)) throw new OverrideError(`${text} is no whole number`);
      return readInt(text.replace(/^([-+]?)0+(?=\d)/, '$1'));
    case 'float':
      if (value.kind === 'bool') return { kind: 'float', value: Number(value.value) };
      if (
        !/^[-+]?(?:\d(?:_?\d)*\.?\d*|\.\d+)(?:e[-+]?\d+)?$|^[-+]?(?:inf|nan)(?:inity)?$/i.test(text)
      ) {
        throw new OverrideError(`${text} is no number`);
      }
      return readFloat(text.replace(/inity$/i, ''));
  }
}
