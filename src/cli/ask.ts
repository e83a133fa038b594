import { readFile } from 'node:fs/promises';
import { answerQuestion } from '../answers/answer.js';
import { askQuestion } from '../answers/ask.js';
import { answerBatch, toAskAnswer } from '../answers/batch.js';
import type { AnswerInput } from '../answers/context.js';
import { namesByAddress } from '../answers/person-names.js';
import { loadLiveNotices } from '../answers/read-evidence.js';
import { valueInWords } from '../answers/values/read-value.js';
import { buildIndex } from '../catalog/search/build-index.js';
import { usageShare } from '../catalog/search/usage-share.js';
import { operatorViewer } from '../catalog/visibility.js';
import { type Cli, type CliModule, UsageError, writeJson } from './cli.js';
import { addSourceOption, readCatalog } from './sources.js';
import { withServices } from './with-services.js';

interface AskOptions {
  source?: string[];
  batch?: string;
  json?: boolean;
}

export const askCommand: CliModule = (program, cli) => {
  addSourceOption(
    program
      .command('ask')
      .description('ask the catalog: one question, or many from a file')
      .argument('[question...]'),
  )
    .option(
      '--batch <file>',
      'lines {"id","question","expect"?}; writes one JSON line each, in order (- for standard input)',
    )
    .option('--json', 'write JSON')
    .action(async (words: string[], options: AskOptions) => {
      const question = words.join(' ').trim();
      if ((question === '') === (options.batch === undefined))
        throw new UsageError('Give one question, or --batch <file>, and not both.');
      if (options.batch !== undefined) {
        const text = await readBatchFile(options.batch);
        const input = await answerInput(cli, options.source);
        return batch(cli, input, text);
      }
      const beganMs = performance.now();
      const { answer, find } = await answerOne(cli, question, options.source);
      if (options.json) writeJson(cli, toAskAnswer('1', answer, performance.now() - beganMs, find));
      else cli.out(answer.text);
    });
};

/** Answered from files alone, or from the stored catalog with everything known about what it is about. */
async function answerOne(cli: Cli, question: string, sources: readonly string[] | undefined) {
  if (sources?.length) {
    const input = await answerInput(cli, sources);
    return { answer: answerQuestion({ ...input, question }), find: input.view.get };
  }
  return withServices(cli, async (services) => {
    const now = services.clock.now();
    const { answer, value } = await askQuestion(services, { question, viewer: operatorViewer, now });
    const text = value?.shown ? `${valueInWords(value, question, now)} ${answer.text}` : answer.text;
    return { answer: { ...answer, text }, find: services.catalog.current().view.get };
  });
}

/** What a batch is answered from: files alone, or the stored catalog with the notices of this moment. */
async function answerInput(cli: Cli, sources: readonly string[] | undefined): Promise<AnswerInput> {
  if (sources && sources.length > 0) {
    const view = await readCatalog(cli, sources);
    return {
      view,
      index: buildIndex(view.assets(), usageShare(view)),
      now: new Date(),
      viewer: operatorViewer,
    };
  }
  return withServices(cli, async (services) => {
    const { view, index } = services.catalog.current();
    const now = services.clock.now();
    return {
      view,
      index,
      now,
      viewer: operatorViewer,
      noticesOf: await loadLiveNotices(services.db, now),
      personName: await namesByAddress(services.db),
    };
  });
}

async function readBatchFile(file: string): Promise<string> {
  const text = file === '-' ? await readStandardInput() : await readFile(file, 'utf8').catch(() => null);
  if (text === null) throw new UsageError(`--batch ${file}: cannot be read.`);
  return text;
}

function batch(cli: Cli, input: AnswerInput, text: string): void {
  let missed = 0;
  try {
    for (const line of answerBatch(text.split('\n'), input, () => performance.now())) {
      cli.out(JSON.stringify(line.answer));
      if (!line.met) {
        missed += 1;
        cli.err(`${line.answer.id}: not what was expected`);
      }
    }
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
  if (missed > 0) cli.setExit(1);
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
