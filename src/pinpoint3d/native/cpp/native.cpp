// The hot loops on a CPU, called through ctypes with raw pointers: kernel maps, sparse convolution without a gather
// buffer, the attentions between clicks and a whole scene, cheapest paths over a surface, and voxels weighed against
// clicks. Results do not depend on the number of threads: work is cut into blocks of fixed size, and every sum runs in
// one fixed order.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define HAS_MATRIX_TILES 1
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "parallel.inc"
#include "neighbours.inc"

namespace {

constexpr int PANEL = 16;     // columns of a weight panel
constexpr int TILES = 8192;   // bits of a matrix tile, as a width of vectors
constexpr int COLUMNS = 128;  // output channels a job of the forward sums takes where there are blocks for every thread
constexpr int FEW_COLUMNS = 2 * PANEL;  // and elsewhere
constexpr int CHANNELS = 96;  // input channels a job of the weight gradient takes
constexpr int SUMS = 49152;   // sums a job of the weight gradient holds: less than half a cache
constexpr int BATCH = 252;    // rows whose outer products are summed together: a copied panel fills half a cache
constexpr int GAZE_ROWS = 120;  // scene rows that clicks look at together: a copied panel of them fills a quarter of a cache
constexpr int WAVE_ROWS = 512;   // rows of sines and cosines a job takes
constexpr int LINEAR_ROWS = 96;  // rows that pass through a linear layer together
constexpr int SCENE_ROWS = 48;  // scene rows that pass through an attention together, all of them in the nearest cache
constexpr int SCENE_JOB = 8 * SCENE_ROWS;  // scene rows a job takes, one after another
constexpr int JUDGED_ROWS = 112;  // voxels judged together: whole panels of them, and tiles of most widths
constexpr int MOST_JUDGED = 8;  // targets that a voxel is weighed for

#include "arguments.inc"
#include "variants.inc"
#include "paths.inc"

// The mean of what the columns of one panel found in all chunks: seen [PANEL, channels].
void mean_of_chunks(const Gaze& g, int chunks, int panel, float* seen) {
  const std::int64_t columns = g.columns;
  const float *greatest = g.greatest + panel * PANEL, *total = g.total + panel * PANEL;
  float most[PANEL], sum[PANEL] = {}, share[PANEL];
  std::copy(greatest, greatest + PANEL, most);
  for (int k = 1; k < chunks; ++k)
    for (int i = 0; i < PANEL; ++i) most[i] = std::max(most[i], greatest[k * columns + i]);
  std::fill(seen, seen + PANEL * g.channels, 0.0f);
  for (int k = 0; k < chunks; ++k) {
    for (int i = 0; i < PANEL; ++i) {
      share[i] = std::exp2(greatest[k * columns + i] - most[i]);
      sum[i] += total[k * columns + i] * share[i];
    }
    const float* found = g.found + (k * g.channels * columns + panel * PANEL * PANEL);
    for (int c = 0; c < g.channels; c += PANEL, found += columns * PANEL)
      for (int i = 0; i < PANEL; ++i)
        for (int j = 0; j < PANEL; ++j) seen[i * g.channels + c + j] += found[i * PANEL + j] * share[i];
  }
  for (int i = 0; i < PANEL; ++i)
    for (int c = 0; c < g.channels; ++c) seen[i * g.channels + c] /= sum[i];
}

}  // namespace

extern "C" {

int pp_vector_width() { return widest_vectors(); }

// w [n_kernel, c_in, c_out], its columns times scale [c_out] unless that is null -> packed [n_kernel, panels, c_in,
// PANEL], the last panel padded with zeros; split for matrix tiles if so asked, c_in filled up to `depth` then.
void pp_pack(const float* w, const float* scale, float* packed, int n_kernel, int c_in, int depth, int c_out, int split,
             int threads) {
  const int panels = (c_out + PANEL - 1) / PANEL;
  parallel(threads, n_kernel, [=](int k) {
    std::vector<float> rows(split ? depth * PANEL : 0);
    for (int p = 0; p < panels; ++p) {
      float* to = packed + (static_cast<std::int64_t>(k) * panels + p) * depth * PANEL;
      float* panel = split ? rows.data() : to;
      const int width = std::min(PANEL, c_out - p * PANEL);
      for (int c = 0; c < c_in; ++c) {
        const float* from = w + (static_cast<std::int64_t>(k) * c_in + c) * c_out + p * PANEL;
        for (int i = 0; i < width; ++i) panel[c * PANEL + i] = scale ? from[i] * scale[p * PANEL + i] : from[i];
        std::memset(panel + c * PANEL + width, 0, (PANEL - width) * sizeof(float));
      }
#ifdef HAS_MATRIX_TILES
      if (split) amx::split_panel(panel, depth, reinterpret_cast<std::uint16_t*>(to));
#endif
    }
  });
}

void pp_forward(const float* x, const float* packed, const float* bias, const float* residual, float* y,
                const std::int32_t* in, const std::int32_t* out, const std::int64_t* bounds, int n_kernel, int n_blocks,
                int block, std::int64_t n_in, std::int64_t n_out, int c_in, int c_out, int y_stride, int relu, int split,
                int width, int threads) {
  Forward f{x,        nullptr, packed, bias, residual, y,     in,       out, bounds, n_kernel,
            n_blocks, block,   n_out,  c_in, c_out,    y_stride, relu};
  auto kernel = variant(width).forward_block;
#ifdef HAS_MATRIX_TILES
  std::unique_ptr<amx::SplitRows> rows;
  if (split) {
    const int depth = amx::padded_depth(c_in);
    rows = std::make_unique<amx::SplitRows>(n_in, depth);
    parallel(threads, static_cast<int>((n_in + block - 1) / block), [&](int job) {
      const std::int64_t first = static_cast<std::int64_t>(job) * block;
      amx::split_rows(x + first * c_in, c_in, std::min<std::int64_t>(block, n_in - first), rows->get() + first * 2 * depth);
    });
    f.split = rows->get();
    kernel = amx::forward_block;
  }
#endif
  // Columns are shared out too: coarse levels have few blocks, and wide kernels.
  const int columns = n_blocks >= 4 * threads ? COLUMNS : FEW_COLUMNS, shares = (c_out + columns - 1) / columns;
  parallel(threads, n_blocks * shares, [&](int job) {
    const int first = job % shares * columns;
    kernel(f, job / shares, first, std::min(c_out, first + columns));
  });
}

void pp_linear(const float* x, const float* added, const float* packed, const float* bias, const float* residual, float* y,
               std::int64_t n_rows, int c_in, int c_out, int relu, int width, int threads) {
  const Linear l{x, added, packed, bias, residual, y, n_rows, c_in, c_out, relu};
  const auto kernel = variant(width).linear_block;
  parallel(threads, static_cast<int>((n_rows + LINEAR_ROWS - 1) / LINEAR_ROWS), [&](int block) { kernel(l, block); });
}

void pp_weight_gradient(const float* x, const float* grad, float* dw, const std::int32_t* in, const std::int32_t* out,
                        const std::int64_t* bounds, int n_kernel, int n_blocks, int c_in, int c_out, int width,
                        int threads) {
  const Gradient g{x, grad, dw, in, out, bounds, n_kernel, n_blocks, c_in, c_out};
  const auto kernel = variant(width).weight_gradient;
  const int chunks = (c_in + CHANNELS - 1) / CHANNELS;
  // As many offsets a job as leave some jobs for every thread, and whose sums fit a cache.
  const int together = std::max(1, std::min(n_kernel / (4 * threads), SUMS / (std::min(c_in, CHANNELS) * c_out)));
  const int groups = (n_kernel + together - 1) / together;
  const auto pairs = [&](int group) {
    std::int64_t total = 0;
    for (int k = group * together; k < std::min(n_kernel, (group + 1) * together); ++k)
      total += bounds[static_cast<std::int64_t>(k + 1) * (n_blocks + 1) - 1] - bounds[static_cast<std::int64_t>(k) * (n_blocks + 1)];
    return total;
  };
  std::vector<std::pair<std::int64_t, int>> jobs;
  for (int j = 0; j < groups * chunks; ++j) jobs.emplace_back(-pairs(j / chunks), j);
  std::sort(jobs.begin(), jobs.end());  // the longest first, so that no thread is left with a long one at the end
  parallel(threads, groups * chunks, [&](int job) {
    const int j = jobs[job].second, k0 = j / chunks * together, c0 = j % chunks * CHANNELS;
    kernel(g, k0, std::min(n_kernel, k0 + together), c0, std::min(c_in, c0 + CHANNELS));
  });
}

void pp_scene_update(const float* x, const float* position, const float* known, const float* query_weight,
                     const float* query_bias, const float* keys, const float* values, const float* out_weight,
                     const float* out_bias, const float* gain, const float* shift, const float* masks,
                     const std::int64_t* target, float* y, float* votes, float epsilon, std::int64_t n_rows,
                     int channels, int heads, int n_queries, int n_targets, int width, int threads) {
  const SceneUpdate u{x,    position, known, query_weight, query_bias, keys,  values,  out_weight, out_bias, gain,
                      shift, masks,   target,       y,          votes, epsilon, n_rows,     channels, heads,
                      n_queries, n_targets};
  const auto kernel = variant(width).scene_block;
  parallel(threads, static_cast<int>((n_rows + SCENE_JOB - 1) / SCENE_JOB), [&](int job) { kernel(u, job); });
}

// What every column finds goes to seen [columns, channels].
void pp_gaze(const float* x, const float* position, const std::int64_t* label, const std::int64_t* wanted,
             const std::int64_t* first, const float* keys, float* greatest, float* total, float* found, float* seen,
             std::int64_t n_rows, std::int64_t chunk, int channels, int columns, int groups, int width, int threads) {
  const Gaze g{x, position, label, wanted, first, keys, greatest, total, found, n_rows, chunk, channels, columns, groups};
  const auto kernel = variant(width).gaze_chunk;
  const int chunks = static_cast<int>((n_rows + chunk - 1) / chunk);
  parallel(threads, chunks, [&](int job) { kernel(g, job); });
  parallel(threads, columns / PANEL, [&](int panel) {
    mean_of_chunks(g, chunks, panel, seen + static_cast<std::int64_t>(panel) * PANEL * channels);
  });
}

// Logits at some voxels: see Judgement. Both perceptrons are packed one array each.
void pp_judge(const float* features, const float* position, const float* paths, const std::int64_t* rows,
              const std::int64_t* shown, const float* newest, const float* clicked, const std::int64_t* first,
              const float* number, const float* key_weight, const float* key_bias, const float* queries,
              const float* background, const float* background_column, const float* target, const float* target_column,
              float* logits, float reach, float by_cost, float farthest, float by_distance, float unlike, float lowest,
              std::int64_t n_voxels, std::int64_t n_rows, int channels, int heads, int depth, int hidden, int columns,
              int negatives, int said, int nearest, int width, int threads) {
  const int padded = padded_evidence(heads);
  const Judgement j{features,   position, paths,   rows,     shown,  newest,   clicked,
                    first,      number,   key_weight, key_bias, queries,
                    {background, background_column, channels, padded, hidden},
                    {target, target_column, channels, padded, hidden},
                    logits,     reach,    by_cost, farthest, by_distance, unlike, lowest,
                    n_voxels,   n_rows,   channels, heads,   depth,  hidden,   columns,
                    negatives,  said,     nearest};
  const auto kernel = variant(width).judge_block;
  parallel(threads, static_cast<int>((n_rows + JUDGED_ROWS - 1) / JUDGED_ROWS), [&](int block) { kernel(j, block); });
}

// phase [n_rows, n] -> out [n_rows, 2 n], sines and then cosines; n a multiple of PANEL.
void pp_waves(const float* phase, float* out, std::int64_t n_rows, int n, int width, int threads) {
  const auto kernel = variant(width).waves_of_row;
  parallel(threads, static_cast<int>((n_rows + WAVE_ROWS - 1) / WAVE_ROWS), [=](int job) {
    const std::int64_t first = static_cast<std::int64_t>(job) * WAVE_ROWS;
    for (std::int64_t row = first; row < std::min(n_rows, first + WAVE_ROWS); ++row)
      kernel(phase + row * n, n, out + row * 2 * n);
  });
}

// Cheapest paths from the sources of every target: source[first[t]..first[t + 1]] are those of target t, results are
// [targets, n]. See cheapest_paths; where order is given, reached [targets] tells how much of it is filled.
void pp_paths(const std::int64_t* rows, const std::int32_t* neighbour, const std::int32_t* edge, const float* cost,
              const std::uint8_t* inside, std::int32_t n, const std::int32_t* source, const std::int64_t* first,
              int targets, float limit, float* distance, std::int32_t* parent, std::int32_t* via, std::int32_t* order,
              std::int32_t* reached, int threads) {
  const Graph g{rows, neighbour, edge, cost, inside, n};
  parallel(threads, targets, [=](int t) {
    const std::int64_t at = static_cast<std::int64_t>(t) * n;
    const std::int32_t count =
        cheapest_paths(g, source + first[t], first[t + 1] - first[t], limit, distance + at, parent ? parent + at : nullptr,
                       via ? via + at : nullptr, order ? order + at : nullptr);
    if (reached) reached[t] = count;
  });
}

// Adds to by_cost [edges] what each edge's cost adds to the sum of by_distance [targets, n] times distances: every node
// passes the sum of its subtree on to the edge it was reached by. by_distance is used up.
void pp_paths_gradient(const std::int32_t* order, const std::int32_t* reached, const std::int32_t* parent,
                       const std::int32_t* via, float* by_distance, std::int32_t n, int targets, float* by_cost) {
  for (int t = 0; t < targets; ++t) {
    const std::int64_t at = static_cast<std::int64_t>(t) * n;
    for (std::int32_t i = reached[t]; i-- > 0;) {
      const std::int32_t node = order[at + i];
      if (parent[at + node] < 0) continue;
      by_cost[via[at + node]] += by_distance[at + node];
      by_distance[at + parent[at + node]] += by_distance[at + node];
    }
  }
}
}
