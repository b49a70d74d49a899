import { signal } from '@preact/signals';

export type Route =
  | { view: 'chat'; id: string | null }
  | { view: 'compare'; id: string | null }
  | { view: 'models' }
  | { view: 'server' };

export function parse(hash: string): Route {
  const [first = '', second] = hash.replace(/^#\/?/, '').split('/');
  const id = second ? decodeURIComponent(second) : null;
  switch (first) {
    case 'c':
      return { view: 'chat', id };
    case 'compare':
      return { view: 'compare', id };
    case 'models':
    case 'server':
      return { view: first };
    default:
      return { view: 'chat', id: null };
  }
}

export function href(route: Route): string {
  if (route.view === 'chat') return route.id === null ? '#/' : '#/c/' + encodeURIComponent(route.id);
  if (route.view === 'compare') return route.id === null ? '#/compare' : '#/compare/' + encodeURIComponent(route.id);
  return '#/' + route.view;
}

export const route = signal<Route>(parse(typeof location === 'undefined' ? '' : location.hash));

export function go(to: Route, replace = false): void {
  if (replace) history.replaceState(null, '', href(to));
  else history.pushState(null, '', href(to));
  route.value = to;
}

export function followAddress(): void {
  const follow = () => (route.value = parse(location.hash));
  window.addEventListener('hashchange', follow);
  window.addEventListener('popstate', follow);
}
