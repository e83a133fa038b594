import type { ReactNode } from 'react';

const paths = {
  bolt: 'M11 2 4 12h5l-1 6 8-11h-5l0-5z',
  send: 'M3 10 17 3l-4 14-4-5-6-2zm6 2 8-9',
  smile: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7 8.2v.1M13 8.2v.1M6.8 12c1.6 2.3 4.8 2.3 6.4 0',
  reply: 'M4 4.5h12v8H9l-4 3v-3H4z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
  plus: 'M10 4v12M4 10h12',
  lock: 'M5.5 9h9v7h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9',
  layers: 'm10 3 7 3.6-7 3.6-7-3.6zM3 10.2l7 3.6 7-3.6M3 13.6l7 3.6 7-3.6',
  clock: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM10 6v4.3l3 1.7',
  moon: 'M16 12.2A6.5 6.5 0 0 1 7.8 4a6.5 6.5 0 1 0 8.2 8.2z',
  book: 'M4 4h5a1.5 1.5 0 0 1 1 1.5V17a2 2 0 0 0-1.5-1H4zM16 4h-5a1.5 1.5 0 0 0-1 1.5V17a2 2 0 0 1 1.5-1H16z',
  search: 'M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM13 13l4 4',
  eye: 'M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zM10 7.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4z',
  people:
    'M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c0-3 2-4.7 5-4.7s5 1.7 5 4.7M13 4.3a2.7 2.7 0 0 1 0 5M14.5 11.6c2 .5 3 2.1 3 4.4',
  up: 'M6 9v8H3.5V9zM6 9l3-6c1.7 0 2.2 1 2 2.5L10.5 8h5c1 0 1.6.9 1.4 1.8l-1.3 6c-.2.7-.7 1.2-1.5 1.2H6',
  down: 'M6 11V3H3.5v8zM6 11l3 6c1.7 0 2.2-1 2-2.5L10.5 12h5c1 0 1.6-.9 1.4-1.8l-1.3-6C15.4 3.5 14.9 3 14.1 3H6',
  trash: 'M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5',
  pin: 'M12 3 17 8l-3 1-3 4-1 3-6-6 3-1 4-3zM7 13l-4 4',
} as const;

export function Icon({ name }: { name: keyof typeof paths }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
