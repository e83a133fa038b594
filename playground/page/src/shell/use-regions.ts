import { useEffect } from 'react';

const regions = ['.top-bar', '.sidebar', '.channel', '.thread', '.behind'];

/** F6 and Shift+F6 go from region to region, as in Slack: top bar, channels, messages, thread, behind. */
export function useRegions(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F6') return;
      event.preventDefault();
      const present = regions
        .map((name) => document.querySelector<HTMLElement>(name))
        .filter((element) => element !== null && element.offsetParent !== null);
      const at = present.findIndex((element) => element?.contains(document.activeElement) === true);
      const next = present[(at + (event.shiftKey ? -1 : 1) + present.length) % present.length];
      const first = next?.querySelector<HTMLElement>(
        '.composer textarea, [aria-current="page"], li.message[tabindex="0"], button',
      );
      first?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
