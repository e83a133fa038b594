import { z } from 'zod';
import type { ViewState } from './surface.js';

/** Payloads as Slack sends them, as far as we read them. Unknown keys pass; a missing one we need is an error. */

export const commandBody = z.looseObject({
  command: z.string(),
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  channel_name: z.string().optional(),
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
});

const option = z.looseObject({ value: z.string() });
const viewState: z.ZodType<ViewState> = z.record(
  z.string(),
  z.record(z.string(), z.looseObject({ type: z.string() })),
) as never;

const view = z.looseObject({
  id: z.string(),
  hash: z.string().default(''),
  callback_id: z.string().default(''),
  private_metadata: z.string().default(''),
  state: z.looseObject({ values: viewState.optional() }).optional(),
});

export const blockAction = z.looseObject({
  action_id: z.string(),
  block_id: z.string().optional(),
  value: z.string().optional(),
  selected_option: option.nullish(),
  selected_options: z.array(option).optional(),
  selected_date: z.string().nullish(),
  selected_user: z.string().nullish(),
  selected_conversation: z.string().nullish(),
  selected_channel: z.string().nullish(),
});

export const actionsBody = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string(), name: z.string().optional() }).nullish(),
  message: z.looseObject({ ts: z.string(), thread_ts: z.string().optional() }).nullish(),
  container: z
    .looseObject({
      message_ts: z.string().optional(),
      channel_id: z.string().optional(),
      thread_ts: z.string().optional(),
      is_ephemeral: z.boolean().optional(),
    })
    .optional(),
  view: view.nullish(),
  state: z.looseObject({ values: viewState.optional() }).nullish(),
  actions: z.array(blockAction).min(1),
  trigger_id: z.string().optional(),
  response_url: z.string().optional(),
});

export const viewBody = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  view,
  trigger_id: z.string().optional(),
});

export const optionsBody = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }).nullish(),
  action_id: z.string(),
  value: z.string().default(''),
});

export const shortcutBody = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  callback_id: z.string(),
  trigger_id: z.string(),
  channel: z.looseObject({ id: z.string() }).nullish(),
  message: z
    .looseObject({
      ts: z.string(),
      text: z.string().default(''),
      user: z.string().nullish(),
      files: z
        .array(z.looseObject({ permalink: z.string().optional(), name: z.string().optional() }))
        .default([]),
    })
    .nullish(),
});

export const messageEvent = z.looseObject({
  type: z.string(),
  subtype: z.string().optional(),
  user: z.string().optional(),
  bot_id: z.string().optional(),
  channel: z.string(),
  channel_type: z.string().optional(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
});

export const homeEvent = z.looseObject({ user: z.string(), tab: z.string().default('home') });

/** Somebody pressed Stop in the agent view. */
export const stoppedEvent = z.looseObject({ channel: z.string(), thread_ts: z.string() });

/** What an action was set to, whatever element it came from. */
export function actionValue(action: z.infer<typeof blockAction>): string {
  return (
    action.value ??
    action.selected_option?.value ??
    action.selected_date ??
    action.selected_user ??
    action.selected_conversation ??
    action.selected_channel ??
    action.selected_options?.map((item) => item.value).join(',') ??
    ''
  );
}
