import { useEffect } from 'preact/hooks';
import { Bar } from '../chat/Topbar.tsx';
import { t } from '../i18n/index.ts';
import { facts, history, now, readServer, serverFailure } from '../state/server.ts';
import { bytes, milliseconds, rate, seconds } from '../text/format.ts';
import { Problem } from '../ui/Problem.tsx';
import { Curve } from './Curve.tsx';
import { Requests } from './Requests.tsx';
import { Snippets } from './Snippets.tsx';

export function ServerView() {
  useEffect(() => void readServer(), []);
  const stats = now.value ?? history.value.at(-1);
  const server = facts.value;
  const times = history.value.map(({ time }) => time / 1000);
  return (
    <div class="view">
      <Bar title={<h1>{t('view.server')}</h1>} />
      <div class="view-inside wide" tabIndex={-1}>
        {serverFailure.value && <Problem failure={serverFailure.value} onRetry={() => void readServer()} />}
        {server && (
          <p class="facts">
            <span>Hadal {server.version}</span>
            <span>{t('server.backend', { backend: server.backend, threads: server.threads })}</span>
            <span>{server.processor}</span>
            <span>Java {server.java}</span>
            <span>{t('server.up', { time: seconds(Date.now() - server.started) })}</span>
          </p>
        )}
        {stats && (
          <div class="curves">
            <Curve title={t('curve.speed')} now={t('counts.speed', { n: rate(stats.tokens_per_second) })} times={times} series={[{ name: t('curve.out'), values: history.value.map((s) => s.tokens_per_second) }, { name: t('curve.in'), values: history.value.map((s) => s.prompt_tokens_per_second) }]} />
            <Curve title={t('curve.queue')} now={t('curve.queue.now', { running: stats.running, waiting: stats.waiting })} times={times} series={[{ name: t('curve.running'), values: history.value.map((s) => s.running) }, { name: t('curve.waiting'), values: history.value.map((s) => s.waiting) }]} />
            <Curve title={t('curve.kv')} now={`${bytes(stats.kv_used_bytes)} / ${bytes(stats.kv_total_bytes)}`} times={times} most={100} unit="%" series={[{ name: t('curve.kv'), values: history.value.map((s) => (s.kv_total_bytes ? (100 * s.kv_used_bytes) / s.kv_total_bytes : 0)) }]} />
            <Curve title={t('curve.latency')} now={stats.first_token_ms === null ? '–' : milliseconds(stats.first_token_ms)} times={times} unit=" ms" series={[{ name: t('curve.first'), values: history.value.map((s) => s.first_token_ms) }, { name: t('curve.token'), values: history.value.map((s) => s.token_ms) }]} />
          </div>
        )}
        {stats && <Requests all={stats.requests} />}
        {server && <Snippets address={server.address} keyed={server.key_required} />}
      </div>
    </div>
  );
}
