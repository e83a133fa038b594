import { z } from 'zod';
import { acceptChange } from '../../src/backfills/control/accept-change.js';
import { cancelBackfill } from '../../src/backfills/control/cancel.js';
import type { ControlParams } from '../../src/backfills/control/control.js';
import { pauseBackfill } from '../../src/backfills/control/pause.js';
import { resumeBackfill } from '../../src/backfills/control/resume.js';
import { retryBackfill, startUnknownAgain } from '../../src/backfills/control/retry.js';
import { toggleWatch } from '../../src/backfills/control/watch.js';
import { NotFoundError } from '../../src/errors.js';
import type { Services } from '../../src/services.js';
import { escapeMrkdwn } from '../../src/slack/mrkdwn.js';
import type { ActionHandler } from '../../src/slack/surface.js';
import { followForm, previewForm } from '../views/backfill-preview.js';
import { backfillRequestView } from '../views/backfill-request.js';

const acts: Readonly<Record<string, (services: Services, params: ControlParams) => Promise<string>>> = {
  'backfill:pause': pauseBackfill,
  'backfill:resume': resumeBackfill,
  'backfill:cancel': cancelBackfill,
  'backfill:retry': retryBackfill,
  'backfill:accept-change': acceptChange,
  'backfill:start-again': startUnknownAgain,
};

/** Buttons of a backfill's card. What may be done is asked in the domain, whatever the card showed. */
export const backfillActions: ActionHandler = {
  actionId: 'backfill:*',
  mode: 'act',
  async run(services, { actionId, value, caller }) {
    const id = z.uuid().safeParse(value);
    if (!id.success) throw new NotFoundError('There is no such backfill. Nothing was changed.');
    const act = Object.hasOwn(acts, actionId) ? acts[actionId] : undefined;
    const text =
      actionId === 'backfill:watch'
        ? await toggleWatch(services, { backfillId: id.data, person: caller.person })
        : await act?.(services, {
            backfillId: id.data,
            acting: { person: caller.person },
            actor: caller.actor,
            now: caller.now,
          });
    if (text === undefined)
      throw new NotFoundError('That button is not known any more. Nothing was changed.');
    return { reply: { text: escapeMrkdwn(text), visibility: 'asker' } };
  },
};

/** "Show what it would do" in the form. */
export const backfillPreviewAction = drawsAgain('backfill:preview', previewForm);

/** What is chosen or, with Enter, typed in the form is read back at once. */
export const backfillFormActions: readonly ActionHandler[] = [
  'backfill-pipeline',
  'backfill:window',
  'backfill:reprocess',
  'backfill:direction',
].map((actionId) => drawsAgain(actionId, followForm));

/** An element of the form that draws it again, from what stands in it. */
function drawsAgain(actionId: string, draw: typeof previewForm): ActionHandler {
  return {
    actionId,
    mode: 'read',
    async run(services, press) {
      const view = await draw(services, {
        state: press.state,
        privateMetadata: press.view?.privateMetadata ?? '{}',
        person: press.caller.person,
        now: press.caller.now,
      });
      return { modal: { how: 'update', view } };
    },
  };
}

/** "Backfill" on an incident or an asset: value is `<asset id>` or `<asset id>|<incident id>`. */
export const backfillRequestAction: ActionHandler = {
  actionId: 'backfill:request',
  mode: 'read',
  async run(services, { value, caller, view }) {
    const [pipeline = '', incidentId] = value.split('|');
    const params = {
      ...(pipeline === '' ? {} : { pipeline }),
      ...(incidentId === undefined || incidentId === '' ? {} : { incidentId }),
    };
    const form = await backfillRequestView.build(services, caller, params);
    // From the details of an answer it opens on top of them.
    return { modal: { how: view ? 'push' : 'open', view: form } };
  },
};
