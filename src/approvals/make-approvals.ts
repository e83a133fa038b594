import type { Services } from '../services.js';
import type { Approvals } from './approvals.js';
import { breakGlass, reviewBreakGlass } from './engine/break-glass.js';
import { makeContext } from './engine/context.js';
import { decide } from './engine/decide.js';
import { delegate, endDelegation } from './engine/delegations.js';
import { lookBefore } from './engine/look-before.js';
import { checkWish, openRequest, preview } from './engine/open-request.js';
import { viewRequest, waitingFor } from './engine/read-view.js';
import { cancelRequests, comment, reassign, withdraw } from './engine/requester-acts.js';
import { storedRequests } from './engine/stored-requests.js';
import { tellStandIn } from './engine/tell-stand-in.js';
import { tellSuccessors } from './engine/tell-successors.js';
import { escalate, expire, remind } from './engine/timers.js';
import type { Subjects } from './subject.js';

/** The one engine. Kinds of subjects are passed in, so that it knows none of them. */
export function makeApprovals(services: Services, params: { subjects: Subjects }): Approvals {
  const context = makeContext(services, params.subjects);
  return {
    openRequest: (trx, wish) => openRequest(context, trx, wish),
    preview: (db, ask) => preview(context, db, ask),
    check: (db, wish) => checkWish(context, db, wish),
    view: (db, which) => viewRequest(context, db, which),
    waitingFor: (db, whom) => waitingFor(db, whom),
    stored: (db, which) => storedRequests(context, db, which),
    decide: (decision) => decide(context, decision),
    lookBefore: (wanted) => lookBefore(context, wanted),
    withdraw: (by) => withdraw(context, by),
    cancel: (trx, cancelled) => cancelRequests(context, trx, cancelled),
    reassign: (handed) => reassign(context, handed),
    delegate: async (standIn) => {
      const id = await delegate(context, standIn);
      if (standIn.startsAt <= standIn.now) await tellStandIn(context, standIn);
      return id;
    },
    approverLeft: (left) => tellSuccessors(context, left),
    endDelegation: (ended) => endDelegation(context, ended),
    breakGlass: (emergency) => breakGlass(context, emergency),
    reviewBreakGlass: (review) => reviewBreakGlass(context, review),
    comment: (message) => comment(context, message),
    remind: (timer) => remind(context, timer),
    escalate: (timer) => escalate(context, timer),
    expire: (timer) => expire(context, timer),
  };
}
