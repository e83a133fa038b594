import { createContext } from 'react';

/** Uploads one file as the person in use; resolves to its id, or undefined where it was refused. */
export const UploadContext = createContext<(file: File) => Promise<string | undefined>>(() =>
  Promise.resolve(undefined),
);
