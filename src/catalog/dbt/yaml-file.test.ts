import { describe, expect, it } from 'vitest';
import { readYaml } from './yaml-file.js';

function content(text: string): unknown {
  const outcome = readYaml('x.yml', text);
  return 'problem' in outcome ? outcome.problem : outcome.file.content;
}

describe('a YAML file', () => {
  it('tells the line of every entry of a list, whatever stands between', () => {
    const text = [
      '# about',
      'other: [1]',
      'metrics:',
      '  # first',
      '  - name: a',
      '    tags:',
      '      - x',
      '',
      '  - name: b',
      'models:',
      '- name: c',
    ].join('\n');
    const outcome = readYaml('x.yml', text);
    if ('problem' in outcome) throw new Error(outcome.problem);
    expect(outcome.file.items('metrics').map((item) => item.line)).toEqual([5, 9]);
    expect(outcome.file.items('models').map((item) => item.line)).toEqual([11]);
    expect(outcome.file.items('nothing')).toEqual([]);
  });

  it('is read although a quoted text goes on further left than its key', () => {
    expect(content('a:\n  - data: \'{\n    "x": 1\n  }\'\n    name: n\n')).toEqual({
      a: [{ data: '{ "x": 1 }', name: 'n' }],
    });
  });

  it('may say a key twice, as dbt allows; the last one counts', () => {
    expect(content('a: 1\na: 2\n')).toEqual({ a: 2 });
  });

  it.each([
    ['a: "open\n', /^x\.yml, line \d+: .*; the file was left out\.$/],
    ['a:\n  b: 1\n\tc: 2\n', /^x\.yml, line 3: a tab is used to indent/],
    ['a: [1, 2\nb: 3\n', /^x\.yml, line \d+/],
    ['a: 1\n---\nb: 2\n', /^x\.yml, line 2: a second document begins here/],
    ['a: &x [*x]\n', /^x\.yml: an alias contains itself/],
  ])('that is broken is named with its line: %j', (text, sentence) => {
    expect(content(text)).toMatch(sentence);
  });
});
