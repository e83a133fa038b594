import type { Logger } from 'pino';
import type { Db } from '../../db/database.js';
import type { Answer } from '../answer-types.js';
import { foldQuestion } from './fold-question.js';
import { reportGap } from './gaps.js';

export interface AskedQuestion {
  /** uuid: what an ask-back's buttons refer to. */
  id: string;
  at: Date;
  personId: string | null;
  surface: string;
  answer: Answer;
  ms: number;
}

/** Keeps questions and writes them in batches: answering never waits for it, and losing a few at a crash harms nobody. */
export interface QuestionLog {
  note: (asked: AskedQuestion) => void;
  /** Writes what has gathered. Called every few seconds and once at the end. */
  flush: () => Promise<void>;
}

const keptAtMost = 5000;
const batchSize = 500;
const erasedText = null;

export function makeQuestionLog(context: { db: Db; log: Logger }): QuestionLog {
  let waiting: AskedQuestion[] = [];
  return {
    note: (asked) => {
      if (waiting.length < keptAtMost) waiting.push(asked);
    },
    flush: async () => {
      const batch = waiting;
      waiting = [];
      try {
        for (let i = 0; i < batch.length; i += batchSize)
          await insert(context.db, batch.slice(i, i + batchSize));
        await queueUnknown(context.db, batch);
        await rememberWhoAsked(context.db, batch);
      } catch (error) {
        context.log.warn({ err: error, questions: batch.length }, 'questions could not be kept');
      }
    },
  };
}

async function insert(db: Db, batch: readonly AskedQuestion[]): Promise<void> {
  if (batch.length === 0) return;
  await db
    .insertInto('question')
    .values(
      batch.map(({ id, at, personId, surface, answer, ms }) => ({
        id,
        at,
        person_id: personId,
        surface,
        text: answer.question.slice(0, 1000),
        folded: foldQuestion(answer.question),
        intent: answer.intent,
        outcome: answer.outcome,
        asset_id: answer.subject?.id ?? null,
        use: answer.use,
        ms,
      })),
    )
    .execute();
}

/** Who asked about an asset lately: the consumers that an incident on it tells. */
async function rememberWhoAsked(db: Db, batch: readonly AskedQuestion[]): Promise<void> {
  const latest = new Map<string, { asset_id: string; person_id: string; asked_at: Date }>();
  for (const { answer, personId, at } of batch) {
    if (personId === null || !answer.subject) continue;
    const row = { asset_id: answer.subject.id, person_id: personId, asked_at: at };
    latest.set(`${row.asset_id} ${row.person_id}`, row);
  }
  if (latest.size === 0) return;
  await db
    .insertInto('asset_asked')
    .values([...latest.values()])
    .onConflict((conflict) =>
      conflict
        .columns(['asset_id', 'person_id'])
        .doUpdateSet((set) => ({ asked_at: set.ref('excluded.asked_at') })),
    )
    .execute();
}

/** What could not be answered goes into the queue, in the order in which it was asked. */
async function queueUnknown(db: Db, batch: readonly AskedQuestion[]): Promise<void> {
  for (const { answer, personId, at } of batch) {
    if (answer.outcome !== 'unknown') continue;
    await db.transaction().execute((trx) =>
      reportGap(trx, {
        type: 'missing',
        question: answer.question,
        now: at,
        ...(personId === null ? {} : { personId }),
      }),
    );
  }
}

/** Erases the words of questions older than a time, in one batch. Returns how many; call again while it is not 0. */
export async function eraseOldQuestions(db: Db, before: Date, limit = 1000): Promise<number> {
  const rows = await db
    .updateTable('question')
    .set({ text: erasedText, folded: '', person_id: null })
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('question')
        .select('id')
        .where('at', '<', before)
        .where('text', 'is not', null)
        .limit(limit),
    )
    .executeTakeFirst();
  return Number(rows.numUpdatedRows);
}
