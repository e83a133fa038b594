import type { MultiSelect, Select } from '@slack/types';
import { type ReactNode, useMemo, useState } from 'react';
import { type Choice, type ChoiceSource, Combobox } from '../../ui/combobox.js';
import { type Directory, type DirectoryEntry, useDirectory, useHost } from '../host.js';
import type { ElementValue, PlainTextElement } from '../types.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

const typingPauseMs = 200;

type AnySelect = Select | MultiSelect;
type SlackOption = {
  text: PlainTextElement | { text: string };
  value?: string;
  description?: { text: string };
};

/** All ten select kinds: options of their own, the workspace's people and channels, or asked from the app. */
export function SelectElement({
  element,
  context,
}: {
  element: AnySelect;
  context: ElementContext;
}): ReactNode {
  const { value, commit, actionId } = useElement(element, context);
  const host = useHost();
  const directory = useDirectory();
  const multiple = element.type.startsWith('multi_');
  const external = element.type === 'external_select' || element.type === 'multi_external_select';
  const [seen, setSeen] = useState<ReadonlyMap<string, Choice>>(() => new Map());

  const fixed = useMemo(
    () => (external ? [] : fixedChoices(element, directory)),
    [element, external, directory],
  );
  const labels = useMemo(() => {
    const known = new Map<string, Choice>(initialChoices(element).map((choice) => [choice.value, choice]));
    for (const choice of host.chosen(context.blockId, actionId)) known.set(choice.value, choice);
    for (const [key, choice] of seen) known.set(key, choice);
    for (const choice of fixed) known.set(choice.value, choice);
    return known;
  }, [element, fixed, seen, host, context.blockId, actionId]);

  const selected = valuesOf(value).map(
    (each) => labels.get(each) ?? { value: each, label: nameOf(each, directory) },
  );

  const source = useMemo<ChoiceSource>(() => {
    if (!external) return { choices: (query) => narrow(fixed, query) };
    const least = ('min_query_length' in element ? element.min_query_length : undefined) ?? 3;
    return {
      search: async (query, signal) => {
        if (query.length < least)
          return { choices: [], note: `Type at least ${least} ${least === 1 ? 'letter' : 'letters'}` };
        await later(typingPauseMs);
        // Somebody types on: what they had typed so far is not worth asking about.
        if (signal.aborted) return { choices: [] };
        const { options, groups, error } = await host.options({ blockId: context.blockId, actionId, query });
        const choices = [
          ...options.map((option) => toChoice(toSlackOption(option))),
          ...groups.flatMap((group) =>
            group.options.map((option) => toChoice(toSlackOption(option), group.label)),
          ),
        ];
        return error === undefined ? { choices } : { choices, note: error };
      },
    };
  }, [external, fixed, element, host, context.blockId, actionId]);

  const change = (next: Choice[]): void => {
    setSeen((before) => new Map([...before, ...next.map((choice) => [choice.value, choice] as const)]));
    void commit(multiple ? next.map((choice) => choice.value) : (next[0]?.value ?? null));
  };

  return (
    <Combobox
      id={context.controlId}
      label={context.labelledBy === undefined ? (element.placeholder?.text ?? 'Select') : undefined}
      labelledBy={context.labelledBy}
      describedBy={context.describedBy}
      invalid={context.invalid === true}
      placeholder={element.placeholder?.text ?? (multiple ? 'Select options' : 'Select an option')}
      selected={selected}
      multiple={multiple}
      maxSelected={'max_selected_items' in element ? element.max_selected_items : undefined}
      autoFocus={element.focus_on_load === true}
      source={source}
      onChange={change}
    />
  );
}

function fixedChoices(element: AnySelect, directory: Directory): Choice[] {
  switch (element.type) {
    case 'static_select':
    case 'multi_static_select':
      return element.option_groups === undefined
        ? (element.options ?? []).map((option) => toChoice(option))
        : element.option_groups.flatMap((group) =>
            group.options.map((option) => toChoice(option, group.label.text)),
          );
    case 'users_select':
    case 'multi_users_select':
      return directory.users().map(entryChoice);
    case 'channels_select':
    case 'multi_channels_select':
      return directory.channels().map(entryChoice);
    case 'conversations_select':
    case 'multi_conversations_select':
      return directory.conversations(element.filter?.include).map(entryChoice);
    default:
      return [];
  }
}

function initialChoices(element: AnySelect): Choice[] {
  if (element.type === 'external_select')
    return element.initial_option === undefined ? [] : [toChoice(element.initial_option)];
  if (element.type === 'multi_external_select')
    return element.initial_options?.map((option) => toChoice(option)) ?? [];
  return [];
}

function toChoice(option: SlackOption, group?: string): Choice {
  return {
    value: option.value ?? '',
    label: option.text.text,
    detail: option.description?.text,
    ...(group === undefined ? {} : { group }),
  };
}

/** The control API types texts of fetched options loosely: read them as far as they are texts. */
function toSlackOption(option: {
  text: { [key: string]: unknown };
  value: string;
  description?: { [key: string]: unknown };
}): SlackOption {
  const text = typeof option.text.text === 'string' ? option.text.text : option.value;
  const detail = option.description?.text;
  return {
    text: { text },
    value: option.value,
    ...(typeof detail === 'string' ? { description: { text: detail } } : {}),
  };
}

function entryChoice(entry: DirectoryEntry): Choice {
  return { value: entry.id, label: entry.label, detail: entry.detail };
}

function nameOf(id: string, directory: Directory): string {
  const channel = directory.channelName(id);
  return directory.userName(id) ?? (channel === undefined ? id : `#${channel}`);
}

function valuesOf(value: ElementValue | undefined): string[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'string' ? [value] : [];
}

function narrow(choices: Choice[], query: string): Choice[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return choices;
  return choices.filter((choice) => `${choice.label} ${choice.detail ?? ''}`.toLowerCase().includes(wanted));
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
