import { expect, it } from 'vitest';
import { makeTestDatabase } from '../../test/helpers/database.js';
import { makeTestServices } from '../../test/helpers/services.js';
import { sampleConfig } from '../incidents/testing/sample.js';
import { plainWords } from './plain-words.js';

it('reads tokens as somebody would have typed them, and leaves everything else alone', async () => {
  const services = await makeTestServices({ database: await makeTestDatabase(), config: sampleConfig });
  const read = (text: string) => plainWords(services, text);
  expect(await read('<@U0FAY|fay> asked <@U0IVO> and <@U0NOBODY>')).toBe('@fay asked @Ivo and @somebody');
  expect(await read('see <https://log.example/1?a=b|the log> in <#C0INC|data-incidents>')).toBe(
    'see https://log.example/1?a=b in #data-incidents',
  );
  expect(await read('<mailto:a@b.example|a@b.example> and <!subteam^S0ONE|@on-call>')).toBe(
    'a@b.example and @on-call',
  );
  expect(await read('rows < 5 and rows > 3, a <b> tag')).toBe('rows < 5 and rows > 3, a <b> tag');
});
