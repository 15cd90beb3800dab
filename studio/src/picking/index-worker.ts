import { buildSpatialIndex } from './spatial-index';

self.onmessage = (event: MessageEvent<Float32Array>) => {
  const index = buildSpatialIndex(event.data);
  self.postMessage(index, {
    transfer: [index.order.buffer, index.boxes.buffer, index.levels.buffer, index.sizes.buffer],
  });
};
