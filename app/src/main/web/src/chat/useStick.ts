import { useSignal, type Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const NEAR = 40;

/** Keeps a scroller at its end while it grows, until the reader scrolls up; `key` is a new text, shown from its end. */
export function useStick(scroller: RefObject<HTMLElement | null>, inside: RefObject<HTMLElement | null>, key: string | null): { away: Signal<boolean>; toEnd: (smooth?: boolean) => void } {
  const away = useSignal(false);
  const toEnd = (smooth = false) => {
    const element = scroller.current;
    if (!element) return;
    away.value = false;
    element.scrollTo({ top: element.scrollHeight, behavior: smooth && !matchMedia('(prefers-reduced-motion: reduce)').matches ? 'smooth' : 'instant' });
  };

  useEffect(() => {
    const element = scroller.current;
    if (!element || !inside.current) return;
    let last = element.scrollTop;
    const scrolled = () => {
      const fromEnd = element.scrollHeight - element.clientHeight - element.scrollTop;
      if (element.scrollTop < last - 1 && fromEnd > 2) away.value = true;
      else if (fromEnd < NEAR) away.value = false;
      last = element.scrollTop;
    };
    const turned = (event: WheelEvent) => {
      if (event.deltaY < 0 && element.scrollHeight > element.clientHeight) away.value = true;
    };
    const grown = new ResizeObserver(() => {
      if (!away.peek()) element.scrollTop = element.scrollHeight;
    });
    grown.observe(inside.current);
    grown.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    element.addEventListener('wheel', turned, { passive: true });
    toEnd();
    return () => {
      grown.disconnect();
      element.removeEventListener('scroll', scrolled);
      element.removeEventListener('wheel', turned);
    };
  }, [key]);

  return { away, toEnd };
}
