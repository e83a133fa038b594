import type { Db, Trx } from '../../db/database.js';
import { spokenDuration } from '../plan/match-rule.js';
import type { SubjectKind } from '../subject.js';
import type { RequestRow } from './finish.js';
import type { StageRow } from './stages.js';

/** One step of a request on its way, in plain words. */
export interface HistoryStep {
  at: Date;
  words: string;
}

/** What happened to every request about these subjects, oldest first: who asked, decided, handed on, and what nobody decided in time. */
export async function readHistory(
  db: Db | Trx,
  subjects: readonly { kind: SubjectKind; subjectId: string }[],
): Promise<HistoryStep[]> {
  const steps: HistoryStep[] = [];
  for (const { kind, subjectId } of subjects) {
    const requests = await db
      .selectFrom('approval_request')
      .innerJoin('person', 'person.id', 'approval_request.requester_id')
      .selectAll('approval_request')
      .select('person.name as requester')
      .where('approval_request.kind', '=', kind)
      .where('approval_request.subject_id', '=', subjectId)
      .execute();
    for (const request of requests) steps.push(...(await stepsOf(db, request)));
  }
  return steps.sort((one, other) => one.at.getTime() - other.at.getTime());
}

async function stepsOf(db: Db | Trx, request: RequestRow & { requester: string }): Promise<HistoryStep[]> {
  const stages = await db
    .selectFrom('approval_stage')
    .selectAll()
    .where('request_id', '=', request.id)
    .orderBy('idx')
    .execute();
  const named = (idx: number): string => `"${stages.find((stage) => stage.idx === idx)?.name ?? ''}"`;
  const decisions = await db
    .selectFrom('approval_decision')
    .innerJoin('person', 'person.id', 'approval_decision.person_id')
    .innerJoin('person as principal', 'principal.id', 'approval_decision.principal_id')
    .select(['at', 'stage', 'verdict', 'reason', 'shorten_to_ms', 'person_id', 'principal_id'])
    .select(['person.name', 'principal.name as principal'])
    .where('request_id', '=', request.id)
    .execute();
  const handed = await db
    .selectFrom('approval_handover')
    .innerJoin('person', 'person.id', 'approval_handover.from_id')
    .innerJoin('person as to', 'to.id', 'approval_handover.to_id')
    .select(['at', 'stage', 'reason', 'person.name', 'to.name as to'])
    .where('request_id', '=', request.id)
    .execute();
  const asked = request.kind === 'access-extension' ? 'asked for more time' : 'asked';
  return [
    { at: request.opened_at, words: `${request.requester} ${asked}${because(request.reason)}` },
    ...decisions.map((one) => {
      const who = one.person_id === one.principal_id ? one.name : `${one.name} for ${one.principal}`;
      const short =
        one.shorten_to_ms === null ? '' : ` for at most ${spokenDuration(Number(one.shorten_to_ms))}`;
      const did = one.verdict === 'approve' ? 'approved' : 'denied';
      return { at: one.at, words: `${who} ${did} ${named(one.stage)}${short}${because(one.reason)}` };
    }),
    ...handed.map((one) => ({
      at: one.at,
      words: `${one.name} handed ${named(one.stage)} on to ${one.to}${because(one.reason)}`,
    })),
    ...stages.flatMap(escalated),
    ...outcome(request),
  ];
}

function escalated({ escalated_at: at, name, policy }: StageRow): HistoryStep[] {
  if (at === null || policy.escalate === undefined) return [];
  const then = {
    reassign: 'others may decide it too',
    replace: 'others are asked instead',
    skip: 'it was skipped',
    cancel: 'the request ended',
  }[policy.escalate.do];
  return [{ at, words: `Nobody decided "${name}" in time: ${then}` }];
}

/** An outcome that no decision of a person tells already. */
function outcome(request: RequestRow & { requester: string }): HistoryStep[] {
  if (request.decided_at === null) return [];
  const at = request.decided_at;
  const why = because(request.outcome_reason);
  if (request.decided_how === 'policy') return [{ at, words: `Approved by policy${why}` }];
  if (request.decided_how === 'break-glass')
    return [{ at, words: `${request.requester} broke the glass${why}` }];
  if (request.state === 'withdrawn') return [{ at, words: `${request.requester} withdrew it` }];
  if (request.state === 'expired' || request.state === 'cancelled')
    return [{ at, words: `Ended undecided${why}` }];
  return [];
}

function because(reason: string | null): string {
  return reason === null || reason === '' ? '' : `: ${reason}`;
}
