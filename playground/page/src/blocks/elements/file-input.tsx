import type { FileInput } from '@slack/types';
import { type ReactNode, useContext, useState } from 'react';
import { UploadContext } from '../upload-context.js';
import type { ElementContext } from './element-props.js';
import { useElement } from './use-element.js';

/** Chosen files are uploaded at once; the field then holds their ids, as Slack's does. */
export function FileInputElement({
  element,
  context,
}: {
  element: FileInput;
  context: ElementContext;
}): ReactNode {
  const { value, keep } = useElement(element, context);
  const upload = useContext(UploadContext);
  const [names, setNames] = useState<ReadonlyMap<string, string>>(() => new Map());
  const [note, setNote] = useState('');
  const ids = Array.isArray(value) ? value : [];
  const most = element.max_files ?? 10;

  const add = async (files: FileList | null): Promise<void> => {
    const room = [...(files ?? [])].slice(0, Math.max(0, most - ids.length));
    setNote(room.length === 0 ? '' : 'Uploading…');
    const added: [string, string][] = [];
    for (const file of room) {
      const id = await upload(file);
      if (id !== undefined) added.push([id, file.name]);
    }
    setNames((before) => new Map([...before, ...added]));
    keep([...ids, ...added.map(([id]) => id)]);
    setNote(added.length < room.length ? 'Some files could not be uploaded' : '');
  };

  return (
    <div className="bk-file">
      {ids.map((id) => (
        <span key={id} className="chip">
          {names.get(id) ?? id}
          <button
            type="button"
            aria-label={`Remove ${names.get(id) ?? id}`}
            onClick={() => keep(ids.filter((other) => other !== id))}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </span>
      ))}
      {ids.length < most && (
        <input
          id={context.controlId}
          type="file"
          multiple={most > 1}
          accept={element.filetypes?.map((type) => `.${type}`).join(',')}
          aria-describedby={context.describedBy}
          onChange={(event) => {
            void add(event.target.files);
            event.target.value = '';
          }}
        />
      )}
      <span role="status">{note}</span>
    </div>
  );
}
