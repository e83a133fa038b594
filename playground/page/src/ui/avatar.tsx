import type { ReactNode } from 'react';

const hues = 10;

/** Initials on a colour that follows from the id; the app has its own sign. */
export function Avatar({
  id,
  name,
  app = false,
  size = 'normal',
}: {
  id: string;
  name: string;
  app?: boolean;
  size?: 'small' | 'normal';
}): ReactNode {
  if (app) return <span className={`avatar avatar-${size} app-mark`} aria-hidden="true" />;
  let hash = 0;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % 997;
  return (
    <span
      className={`avatar avatar-${size} hue-${hash % hues}`}
      aria-hidden="true"
      data-initials={initials(name)}
    />
  );
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter((word) => word !== '');
  return `${words[0]?.charAt(0) ?? '?'}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`.toUpperCase();
}
