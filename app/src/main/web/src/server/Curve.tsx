import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { spoken } from '../i18n/index.ts';
import { theme } from '../state/prefs.ts';

interface Series {
  name: string;
  values: (number | null)[];
}

interface Props {
  title: string;
  now: string;
  times: number[];
  series: Series[];
  unit?: string;
  most?: number;
}

const HEIGHT = 150;
const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A curve of the last minutes. uPlot comes when the first one is drawn, and sets its styles through the DOM. */
export function Curve({ title, now, times, series, unit = '', most }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const data = [times, ...series.map((one) => one.values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    let gone = false;
    let resized: ResizeObserver | undefined;
    void Promise.all([import('uplot'), import('uplot/dist/uPlot.min.css')]).then(([{ default: UPlot }]) => {
      const element = place.current;
      if (gone || !element) return;
      plot.current = new UPlot(options(element.clientWidth, series.map((one) => one.name), unit, most), latest.current, element);
      resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
      resized.observe(element);
    });
    return () => {
      gone = true;
      resized?.disconnect();
      plot.current?.destroy();
      plot.current = null;
    };
  }, [theme.value, spoken.value]);

  useEffect(() => plot.current?.setData(data), [times.at(-1)]);

  return (
    <figure class="curve">
      <figcaption>
        <span>{title}</span>
        <strong>{now}</strong>
      </figcaption>
      <div ref={place} class="plot" role="img" aria-label={`${title}: ${now}`} />
      {series.length > 1 && (
        <p class="legend" aria-hidden="true">{series.map((one, i) => <span key={one.name} class={`key key-${i + 1}`}>{one.name}</span>)}</p>
      )}
    </figure>
  );
}

function options(width: number, names: string[], unit: string, most: number | undefined): uPlot.Options {
  const axis = { stroke: colour('--dim'), font: '11px ' + colour('--font'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 6 } },
    scales: { y: { range: (_, __, max) => [0, most ?? Math.max(max * 1.1, 1)] } },
    axes: [
      { ...axis, size: 26, grid: { show: false }, space: 80, values: (_, splits) => splits.map((at) => new Date(at * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })) },
      { ...axis, size: 44, space: 32, values: (_, splits) => splits.map((at) => `${at >= 1000 ? at / 1000 + 'k' : at}${unit.trim() === '%' ? '%' : ''}`) },
    ],
    series: [{}, ...names.map((label, i) => ({ label, stroke: colour(`--curve-${i + 1}`), width: 1.75, fill: i === 0 ? colour('--curve-fill') : undefined, points: { show: false } }))],
  };
}
