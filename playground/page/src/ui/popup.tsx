import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const highestPx = 560;

interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  className?: string;
  /** Line up with the anchor's right edge. */
  alignEnd?: boolean;
  /** At least as wide as the anchor. */
  matchWidth?: boolean;
  children: ReactNode;
}

/**
 * A box at its anchor, in the browser's top layer: neither a modal's scrolling nor the paint containment of a long
 * message list can clip it. Closes on a press outside; keys are the business of what is in it.
 */
export function Popup({
  anchor,
  onClose,
  className = '',
  alignEnd = false,
  matchWidth = false,
  children,
}: PopupProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = box.current;
    const target = anchor.current;
    if (element === null || target === null) return;
    element.showPopover();
    const place = (): void => {
      const at = target.getBoundingClientRect();
      const margin = 8;
      if (matchWidth) element.style.minWidth = `${at.width}px`;
      const { offsetWidth: width, offsetHeight: height } = element;
      const wantedLeft = alignEnd ? at.right - width : at.left;
      const left = Math.max(margin, Math.min(wantedLeft, window.innerWidth - width - margin));
      const below = window.innerHeight - at.bottom - margin;
      const above = at.top - margin;
      const upward = height > below && above > below;
      element.style.maxHeight = `${Math.max(120, Math.min(highestPx, upward ? above : below))}px`;
      element.style.left = `${left}px`;
      element.style.top = upward ? 'auto' : `${at.bottom + 4}px`;
      element.style.bottom = upward ? `${window.innerHeight - at.top + 4}px` : 'auto';
    };
    place();
    const observer = new ResizeObserver(place);
    observer.observe(element);
    window.addEventListener('resize', place);
    window.addEventListener('scroll', place, true);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      window.removeEventListener('scroll', place, true);
    };
  }, [anchor, alignEnd, matchWidth]);

  useEffect(() => {
    const onPress = (event: PointerEvent): void => {
      if (!(event.target instanceof Node)) return;
      if (box.current?.contains(event.target) === true || anchor.current?.contains(event.target) === true)
        return;
      onClose();
    };
    document.addEventListener('pointerdown', onPress, true);
    return () => document.removeEventListener('pointerdown', onPress, true);
  }, [anchor, onClose]);

  return (
    <div ref={box} popover="manual" className={`popup ${className}`}>
      {children}
    </div>
  );
}
