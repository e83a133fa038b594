import { expect, it } from 'vitest';
import { readPeopleCsv } from './people-csv.js';

const read = (text: string) => readPeopleCsv(text, 'people.csv');
const refusal = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
};

it('reads people as an HR system exports them, and leaves its other columns alone', () => {
  const text = [
    'Email,Name,Cost centre,Manager,Teams,Slack,Timezone,warehouse.main',
    'Ana@Acme.example,"Núñez, Ana",4711,ben@acme.example,"data; finance",U0ANA,Europe/Berlin,ana',
    'ben@acme.example,Ben,,,,,,',
    '',
  ].join('\n');
  expect(read(text)).toEqual([
    {
      email: 'ana@acme.example',
      name: 'Núñez, Ana',
      manager: 'ben@acme.example',
      teams: ['data', 'finance'],
      slack: 'U0ANA',
      timeZone: 'Europe/Berlin',
      warehouse: { main: 'ana' },
      guest: false,
    },
    { email: 'ben@acme.example', name: 'Ben', teams: [], warehouse: {}, guest: false },
  ]);
});

it('takes what a spreadsheet writes where the comma is a decimal sign: semicolons, a byte order mark, CRLF', () => {
  const [ana] = read('\ufeffemail;name;teams\r\nana@acme.example;Ana;data,finance\r\n');
  expect(ana).toMatchObject({ email: 'ana@acme.example', name: 'Ana', teams: ['data', 'finance'] });
});

it('names the line, in the file and not in the list, of what is wrong', () => {
  const head = 'email,name,slack,manager\n';
  expect(refusal(`${head}"ana@acme.example","Ana\n(and two lines)",,\nnobody,Ben,,`)).toBe(
    'people.csv:4: email: Invalid email address',
  );
  expect(refusal(`${head}ana@acme.example,Ana,@ana,`)).toMatch(/^people\.csv:2: slack: .*member id/);
  expect(refusal(`${head}ana@acme.example,Ana,,Ben`)).toBe('people.csv:2: manager: Invalid email address');
  expect(refusal(`${head}ana@acme.example,Ana,,\n\nANA@acme.example,Ana,,`)).toBe(
    'people.csv:4: email: ana@acme.example stands in line 2 already',
  );
});

it('says what is wrong with a file that is none, in its own words', () => {
  expect(refusal('email,name\nana@acme.example,"Ana\n')).toBe(
    'people.csv:2: a quote is opened here and never closed',
  );
  expect(refusal('email,name\nana@acme.example,Ana,data\n')).toBe(
    'people.csv:2: this line has not as many fields as the first line has columns',
  );
  expect(refusal('email,name\nana@acme.example,A"na"\n')).toMatch(/^people\.csv:2: .*quote/);
  expect(refusal('mail,name\nana@acme.example,Ana\n')).toBe(
    'people.csv:2: email: the first line names no column `email`',
  );
});

it('is nobody when it is empty', () => {
  expect(read('')).toEqual([]);
  expect(read('email,name\n')).toEqual([]);
});
