import { useMemo } from 'react';
import type { OptionsReply, PlayMessage, PlayView } from '../../../protocol.js';
import type { BlockHost, OptionGroups } from '../blocks/host.js';
import { optionsInState, valueFromState } from '../blocks/values.js';
import { type FormStore, useFormValues, valuesInBlocks } from '../state/form-values.js';
import { useSession } from '../state/use-session.js';
import { useConfirm } from '../ui/confirm.js';

const noErrors: Readonly<Record<string, string>> = {};

/** Blocks in a message: what is chosen lives with the message on this screen, presses go to the app at once. */
export function useMessageHost(message: PlayMessage): BlockHost {
  const session = useSession();
  const confirm = useConfirm();
  const form = useFormValues();
  const { channel, ts, blocks } = message;
  return useMemo(
    () => ({
      surface: 'message',
      valueOf: (blockId, actionId) => form.values[blockId]?.[actionId],
      chosen: () => [],
      setValue: form.set,
      act: async ({ blockId, actionId, value }) => {
        const values = valuesInBlocks(form.current(), blocks);
        const reply = await session.act({
          do: 'click',
          channel,
          message: ts,
          ...target(blockId, actionId),
          ...(value === undefined ? {} : { value }),
          ...(Object.keys(values).length === 0 ? {} : { values }),
        });
        return reply.ok;
      },
      options: async ({ blockId, actionId, query }) =>
        toGroups(
          session.api.options({
            as: session.getState().me,
            channel,
            message: ts,
            ...target(blockId, actionId),
            value: query,
          }),
        ),
      confirm,
      errors: noErrors,
    }),
    [session, confirm, form, channel, ts, blocks],
  );
}

/** Blocks in a modal or the Home tab. */
export function useViewHost(
  view: PlayView,
  form: FormStore,
  errors: Readonly<Record<string, string>> = noErrors,
): BlockHost {
  const session = useSession();
  const confirm = useConfirm();
  return useMemo(
    () => ({
      surface: view.type,
      valueOf: (blockId, actionId) => {
        const typed = form.values[blockId]?.[actionId];
        return typed === undefined ? valueFromState(stateOf(view, blockId, actionId)) : typed;
      },
      chosen: (blockId, actionId) => optionsInState(stateOf(view, blockId, actionId)),
      setValue: form.set,
      act: async ({ blockId, actionId, value }) => {
        const values = valuesInBlocks(form.current(), view.blocks);
        const reply = await session.act({
          do: 'click',
          view: view.type === 'home' ? 'home' : view.id,
          ...target(blockId, actionId),
          ...(value === undefined ? {} : { value }),
          ...(Object.keys(values).length === 0 ? {} : { values }),
        });
        return reply.ok;
      },
      options: async ({ blockId, actionId, query }) =>
        toGroups(
          session.api.options({
            as: session.getState().me,
            view: view.id,
            ...target(blockId, actionId),
            value: query,
          }),
        ),
      confirm,
      errors,
    }),
    [session, confirm, form, view, errors],
  );
}

function target(blockId: string, actionId: string): { block_id?: string; action_id: string } {
  return blockId === '' ? { action_id: actionId } : { block_id: blockId, action_id: actionId };
}

function stateOf(view: PlayView, blockId: string, actionId: string): unknown {
  const block = view.state.values[blockId];
  return typeof block === 'object' && block !== null
    ? Object.entries(block).find(([key]) => key === actionId)?.[1]
    : undefined;
}

async function toGroups(asked: Promise<OptionsReply>): Promise<OptionGroups> {
  try {
    const reply = await asked;
    const groups = reply.option_groups.map((group) => ({
      label: typeof group.label.text === 'string' ? group.label.text : '',
      options: group.options,
    }));
    return {
      options: reply.options,
      groups,
      ...(reply.ok ? {} : { error: reply.error ?? 'The app did not answer' }),
    };
  } catch {
    return { options: [], groups: [], error: 'The options could not be loaded' };
  }
}
