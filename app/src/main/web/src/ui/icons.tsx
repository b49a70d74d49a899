import type { SVGAttributes } from 'preact';

// Drawn on a grid of 24, strokes of 1.75: one path an icon, moves between its parts.
const PATHS = {
  plus: 'M12 5v14M5 12h14',
  search: 'M10.500 4.500a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15 15l5 5',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M7.500 7.500h9v9h-9z',
  copy: 'M9 9h10v10H9zM5 15V5h10',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  retry: 'M19 12a7 7 0 1 1-2.200-5.100M19 4v4h-4',
  edit: 'M5 19l1-4L16 5l3 3L9 18l-4 1ZM14 7l3 3',
  left: 'M14.500 6l-6 6 6 6',
  right: 'M9.500 6l6 6-6 6',
  down: 'M6 9.500l6 6 6-6',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M5.500 12h.01M12 12h.01M18.500 12h.01',
  pin: 'M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7',
  trash: 'M5 7h14M10 7V4.500h4V7M7 7l1 12.500h8L17 7M10.500 11v5M13.500 11v5',
  download: 'M12 4v11M7 10.500l5 5 5-5M5 19.500h14',
  upload: 'M12 16V5M7 9.500l5-5 5 5M5 19.500h14',
  clip: 'M18.500 11.500l-7 7a4 4 0 0 1-5.700-5.700l7.500-7.500a2.700 2.700 0 0 1 3.800 3.800L9.800 16.400a1.300 1.300 0 0 1-1.900-1.900l6.400-6.400',
  file: 'M6.500 4h7l4 4v12h-11zM13.500 4v4h4',
  sliders: 'M4 8h9M17 8h3M4 16h3M11 16h9M15 6v4M9 14v4',
  menu: 'M4 7h16M4 12h16M4 17h16',
  panel: 'M4.500 5h15v14h-15zM9.500 5v14',
  chat: 'M5 5.500h14v10.500h-8l-4 3.500V16H5z',
  compare: 'M4.500 5.500h6v13h-6zM13.500 5.500h6v13h-6z',
  models: 'M12 3.500l7.500 4.200v8.600L12 20.500l-7.500-4.200V7.700zM4.500 7.700L12 12l7.500-4.300M12 12v8.500',
  server: 'M3.500 13h4l2.500-7 4 12 2.500-5h4',
  sun: 'M12 8.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7ZM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400',
  moon: 'M19 14.500A7.500 7.500 0 0 1 9.500 5a7.500 7.500 0 1 0 9.500 9.500Z',
  auto: 'M12 4.500a7.500 7.500 0 1 0 0 15 7.500 7.500 0 0 0 0-15ZM12 4.500v15M15 7v10M18 9v6',
  globe: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16',
  help: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM9.700 9.700a2.300 2.300 0 1 1 3.300 2.100c-.7.300-1 .8-1 1.700M12 16.200h.01',
  alert: 'M12 4.500l8.500 15h-17zM12 10v4M12 16.800h.01',
  bulb: 'M9 17.500h6M10 20.500h4M8.500 14.500a5.500 5.500 0 1 1 7 0c-.6.500-.9 1.200-.9 1.900v1.100H9.400v-1.100c0-.7-.3-1.400-.9-1.900Z',
  eject: 'M12 5l6.500 8h-13zM5.500 18h13',
  play: 'M8 5.500l10 6.500-10 6.500z',
  eye: 'M3 12s3.300-6 9-6 9 6 9 6-3.300 6-9 6-9-6-9-6ZM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5Z',
  key: 'M8 10.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM11 12l8-8M16 7l3 3',
  depth: 'M4 7.500q4-3 8 0t8 0M6 12.500q3-2.200 6 0t6 0M12 18h.01',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18, ...rest }: { name: IconName; size?: number } & Omit<SVGAttributes<SVGSVGElement>, 'name' | 'size'>) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" stroke-width={name === 'more' ? 2.6 : 1.75} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" class="icon" {...rest}>
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark: the surface, the twilight, and a light at the bottom. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} fill="none" stroke-linecap="round" aria-hidden="true" class="mark">
      <path class="mark-1" d="M5 9q5.500-3.400 11 0t11 0" stroke-width="2.2" />
      <path class="mark-2" d="M9 16q3.500-2.400 7 0t7 0" stroke-width="2.2" />
      <circle class="mark-3" cx="16" cy="24" r="2.700" />
    </svg>
  );
}
