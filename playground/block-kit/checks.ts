import { isObject } from '../mrkdwn.js';

/**
 * A few combinators in which the rule tables of this folder are written. A rule reads a value that came from outside and reports what is
 * wrong with it, worded and pointed at as Slack does (`must be less than 151 characters [json-pointer:/blocks/0/text]`).
 */
export type Report = (message: string, pointer: string) => void;
export type Check = (value: unknown, pointer: string, report: Report) => void;

export interface BlockProblem {
  message: string;
  pointer: string;
}

export function text(max: number, options: { min?: number; pattern?: RegExp } = {}): Check {
  const { min = 1, pattern } = options;
  return (value, pointer, report) => {
    if (typeof value !== 'string') report('must provide a string', pointer);
    else if (value.length < min) report(`must be more than ${min - 1} characters`, pointer);
    else if (value.length > max) report(`must be less than ${max + 1} characters`, pointer);
    else if (pattern !== undefined && !pattern.test(value)) report(`must match ${pattern.source}`, pointer);
  };
}

/** An absolute address; Slack takes http, https, mailto and app links. */
export function url(max: number, pattern: RegExp = /^[a-z][a-z0-9+.-]*:\S+$/i): Check {
  const plain = text(max, { pattern });
  return (value, pointer, report) => {
    plain(value, pointer, report);
    if (typeof value === 'string' && pattern.test(value) && !URL.canParse(value))
      report('invalid url', pointer);
  };
}

export function integer(min: number, max = Number.MAX_SAFE_INTEGER): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) report('must provide an integer', pointer);
    else if (value < min || value > max) report(`must be between ${min} and ${max}`, pointer);
  };
}

export const finiteNumber: Check = (value, pointer, report) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) report('must provide a number', pointer);
};

export const bool: Check = (value, pointer, report) => {
  if (typeof value !== 'boolean') report('must provide a boolean', pointer);
};

export function oneOf(...allowed: (string | number | boolean)[]): Check {
  return (value, pointer, report) => {
    if (!allowed.some((option) => option === value)) report(`must be one of: ${allowed.join(', ')}`, pointer);
  };
}

export function list(item: Check, min: number, max: number, options: { unique?: boolean } = {}): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) {
      report('must provide an array', pointer);
      return;
    }
    if (value.length < min) report(`no fewer than ${min} items allowed`, pointer);
    if (value.length > max) report(`no more than ${max} items allowed`, pointer);
    if (options.unique === true && new Set(value.map((v) => JSON.stringify(v))).size < value.length) {
      report('items must be unique', pointer);
    }
    value.forEach((entry, index) => {
      item(entry, `${pointer}/${index}`, report);
    });
  };
}

export interface Shape {
  required?: { [field: string]: Check };
  optional?: { [field: string]: Check };
  /** Rules over several fields; runs on an object whose fields may still be wrong. */
  also?: (value: { [key: string]: unknown }, pointer: string, report: Report) => void;
}

/** An object with exactly these fields: unknown ones are refused. */
export function shape({ required = {}, optional = {}, also }: Shape): Check {
  return (value, pointer, report) => {
    if (!isObject(value)) {
      report('must provide an object', pointer);
      return;
    }
    for (const field of Object.keys(required)) {
      if (value[field] === undefined) report(`missing required field: ${field}`, pointer);
    }
    for (const [field, given] of Object.entries(value)) {
      if (given === undefined) continue;
      const check = required[field] ?? optional[field];
      if (check === undefined || !(Object.hasOwn(required, field) || Object.hasOwn(optional, field))) {
        report(`invalid additional property: ${field}`, pointer);
      } else check(given, `${pointer}/${field}`, report);
    }
    also?.(value, pointer, report);
  };
}

/** Picks the rule by the object's `type`. */
export function byType(rules: { [type: string]: Check }, what: string): Check {
  return (value, pointer, report) => {
    if (!isObject(value)) {
      report('must provide an object', pointer);
      return;
    }
    const { type } = value;
    if (typeof type !== 'string') {
      report('missing required field: type', pointer);
      return;
    }
    const rule = Object.hasOwn(rules, type) ? rules[type] : undefined;
    if (rule === undefined) report(`unsupported type: ${type} for ${what}`, `${pointer}/type`);
    else rule(value, pointer, report);
  };
}

/** The type itself, for use among the required fields. */
export function typed(type: string): { type: Check } {
  return { type: oneOf(type) };
}

/** Exactly one of two fields. */
export function eitherOf(first: string, second: string): NonNullable<Shape['also']> {
  return (value, pointer, report) => {
    if ((value[first] === undefined) === (value[second] === undefined)) {
      report(`must provide exactly one of ${first}, ${second}`, pointer);
    }
  };
}

/** Rules that refer to each other in a circle. */
export function later(rule: () => Check): Check {
  return (value, pointer, report) => rule()(value, pointer, report);
}
