import { createContext, useContext } from 'react';
import type { PlayOption } from '../../../protocol.js';
import type { DateView } from '../text/dates.js';
import type { MessageAddress } from '../text/permalink.js';
import type { ConfirmationDialog, ElementValue } from './types.js';

export interface OptionGroups {
  options: PlayOption[];
  groups: { label: string; options: PlayOption[] }[];
  error?: string;
}

/** Where a list of blocks stands (a message, a modal, the Home tab): keeps what was typed and passes on what was operated. */
export interface BlockHost {
  surface: 'message' | 'modal' | 'home';
  valueOf: (blockId: string, actionId: string) => ElementValue | undefined;
  /** Texts of options that the server knows as chosen: an external select's value alone has none. */
  chosen: (blockId: string, actionId: string) => { value: string; label: string }[];
  setValue: (blockId: string, actionId: string, value: ElementValue) => void;
  /** Sends `block_actions`; resolves to whether the app acked it. */
  act: (input: { blockId: string; actionId: string; value?: ElementValue }) => Promise<boolean>;
  options: (input: { blockId: string; actionId: string; query: string }) => Promise<OptionGroups>;
  confirm: (dialog: ConfirmationDialog) => Promise<boolean>;
  /** Refusals of the last submission, by block. */
  errors: Readonly<Record<string, string>>;
}

export interface DirectoryEntry {
  id: string;
  label: string;
  detail: string;
}

/** Names for ids, and the lists that user and channel selects offer. */
export interface Directory {
  userName: (id: string) => string | undefined;
  channelName: (id: string) => string | undefined;
  usergroupHandle: (id: string) => string | undefined;
  users: () => DirectoryEntry[];
  channels: () => DirectoryEntry[];
  conversations: (include: readonly string[] | undefined) => DirectoryEntry[];
  openChannel: (id: string) => void;
  openPerson: (id: string) => void;
  openMessage: (message: MessageAddress) => void;
  fileUrl: (id: string) => string | undefined;
  me: string;
  dates: DateView;
}

export const HostContext = createContext<BlockHost | undefined>(undefined);
export const DirectoryContext = createContext<Directory | undefined>(undefined);

export function useHost(): BlockHost {
  const host = useContext(HostContext);
  if (host === undefined) throw new Error('blocks are drawn inside a HostContext');
  return host;
}

export function useDirectory(): Directory {
  const directory = useContext(DirectoryContext);
  if (directory === undefined) throw new Error('text is drawn inside a DirectoryContext');
  return directory;
}
