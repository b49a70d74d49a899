import { Bar } from '../chat/Topbar.tsx';
import { t } from '../i18n/index.ts';
import { models, modelsFailure, modelsRead, readModels, room } from '../state/models.ts';
import { bytes } from '../text/format.ts';
import { Problem } from '../ui/Problem.tsx';
import { ModelRow } from './ModelRow.tsx';
import { PullBox } from './PullBox.tsx';

export function ModelsView() {
  const sizes = room.value;
  const inMemory = models.value.reduce((sum, model) => sum + (model.memory_bytes ?? 0), 0);
  return (
    <div class="view">
      <Bar title={<h1>{t('view.models')}</h1>} />
      <div class="view-inside" tabIndex={-1}>
        <PullBox />
        {modelsFailure.value && <Problem failure={modelsFailure.value} onRetry={() => void readModels()} />}
        <section aria-labelledby="models-here">
          <div class="section-head">
            <h2 id="models-here">{t('models.here')}</h2>
            {sizes && <p class="dim">{t('models.room', { used: bytes(inMemory), free: bytes(sizes.memory.available_bytes), disk: bytes(sizes.disk.free_bytes), folder: sizes.disk.folder })}</p>}
          </div>
          {modelsRead.value && models.value.length === 0 && !modelsFailure.value && <p class="empty">{t('models.empty')}</p>}
          <ul class="models">
            {models.value.map((model) => (
              <ModelRow key={model.name} model={model} />
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}
