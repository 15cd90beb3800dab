// Rays against triangles through a tree of boxes with four children a node. Boxes are float32 and a little too large;
// triangles are float64 and decide, so that the answer does not depend on the tree. setup.py compiles this file without
// contraction of products and sums: the same bits on every machine.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "parallel.inc"

namespace rays {

constexpr int LEAF = 4;   // triangles a leaf holds at most, unless they share a centre
constexpr int BINS = 16;  // places where a node may be split
constexpr int WAYS = 4;
constexpr int DEPTH = 256;        // entries of the stack of a ray: far more than a tree of 2^31 triangles needs
constexpr int RAY_BLOCK = 2048;   // rays a thread takes at a time
constexpr double EDGE = 1e-9;     // how far beyond its edges a triangle still counts, so that no ray slips between two
constexpr double NEAREST = 1e-9;  // metres
constexpr double GRAZING = 1e-9;  // sine of the angle from which on a ray can meet a triangle
constexpr float FAR = 1e30f;

typedef float Four __attribute__((vector_size(16)));

struct Node {
  Four bound[6];  // least x, y, z, then greatest, of the four children
  std::int32_t child[WAYS];  // a node, or ~(first triangle * 8 + number of triangles)
};

struct Box {
  float low[3] = {FAR, FAR, FAR}, high[3] = {-FAR, -FAR, -FAR};
  void add(const Box& other) {
    for (int k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], other.low[k]);
      high[k] = std::max(high[k], other.high[k]);
    }
  }
  float area() const {
    const float x = high[0] - low[0], y = high[1] - low[1], z = high[2] - low[2];
    return x * y + y * z + z * x;
  }
};

struct Reference {
  Box box;
  std::int32_t triangle;
  float centre(int axis) const { return box.low[axis] + box.high[axis]; }  // twice the centre
};

struct Piece {
  std::int32_t begin, end;
  Box box;
  std::int32_t size() const { return end - begin; }
};

Box around(const std::vector<Reference>& all, std::int32_t begin, std::int32_t end) {
  Box box;
  for (std::int32_t i = begin; i < end; ++i) box.add(all[i].box);
  return box;
}

// Cut a piece in two along its longest axis where the surface area heuristic (MacDonald and Booth, 1990) is least.
void split(std::vector<Reference>& all, const Piece& piece, Piece& left, Piece& right) {
  float low[3] = {FAR, FAR, FAR}, high[3] = {-FAR, -FAR, -FAR};
  for (std::int32_t i = piece.begin; i < piece.end; ++i)
    for (int k = 0; k < 3; ++k) {
      low[k] = std::min(low[k], all[i].centre(k));
      high[k] = std::max(high[k], all[i].centre(k));
    }
  int axis = 0;
  for (int k = 1; k < 3; ++k)
    if (high[k] - low[k] > high[axis] - low[axis]) axis = k;
  const float width = high[axis] - low[axis];
  std::int32_t middle = piece.begin + piece.size() / 2;
  if (width > 0) {
    const float scale = BINS * 0.9999f / width;
    const auto bin = [&](const Reference& r) { return static_cast<int>((r.centre(axis) - low[axis]) * scale); };
    Box boxes[BINS];
    std::int32_t counts[BINS] = {};
    for (std::int32_t i = piece.begin; i < piece.end; ++i) {
      const int b = bin(all[i]);
      boxes[b].add(all[i].box);
      ++counts[b];
    }
    float after[BINS];
    Box box;
    std::int32_t count = 0;
    for (int b = BINS - 1; b > 0; --b) {
      box.add(boxes[b]);
      count += counts[b];
      after[b] = count ? box.area() * count : 0;
    }
    box = Box();
    count = 0;
    int best = 1;
    float least = FAR;
    for (int b = 1; b < BINS; ++b) {
      box.add(boxes[b - 1]);
      count += counts[b - 1];
      const float cost = (count ? box.area() * count : 0) + after[b];
      if (cost < least) least = cost, best = b;
    }
    const auto cut = std::partition(all.begin() + piece.begin, all.begin() + piece.end,
                                    [&](const Reference& r) { return bin(r) < best; });
    middle = static_cast<std::int32_t>(cut - all.begin());
  }
  left = {piece.begin, middle, around(all, piece.begin, middle)};
  right = {middle, piece.end, around(all, middle, piece.end)};
}

struct Corners {  // of a triangle: one corner and the edges from it to the others
  double at[3], first[3], second[3];
  double area;  // of the parallelogram
  std::int64_t triangle;
};

struct Ray {
  double start[3], along[3];
  double length;  // of `along`
  double distance;
  std::int32_t triangle;
};

inline double dot(const double* a, const double* b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

inline void cross(const double* a, const double* b, double* out) {
  out[0] = a[1] * b[2] - a[2] * b[1];
  out[1] = a[2] * b[0] - a[0] * b[2];
  out[2] = a[0] * b[1] - a[1] * b[0];
}

// Moeller and Trumbore (1997). Of two triangles at one distance the lower number counts.
inline void meet(const Corners& c, Ray& ray) {
  double p[3], q[3];
  cross(ray.along, c.second, p);
  const double volume = dot(c.first, p);
  if (!(std::fabs(volume) > GRAZING * c.area * ray.length)) return;
  const double scale = 1 / volume;
  const double from[3] = {ray.start[0] - c.at[0], ray.start[1] - c.at[1], ray.start[2] - c.at[2]};
  const double u = dot(from, p) * scale;
  if (!(u >= -EDGE && u <= 1 + EDGE)) return;
  cross(from, c.first, q);
  const double v = dot(ray.along, q) * scale;
  if (!(v >= -EDGE && u + v <= 1 + EDGE)) return;
  const double t = dot(c.second, q) * scale;
  const auto number = static_cast<std::int32_t>(c.triangle);
  if (!(t > NEAREST && (t < ray.distance || (t == ray.distance && number < ray.triangle)))) return;
  ray.distance = t;
  ray.triangle = number;
}

inline float reach(double distance) { return distance < FAR ? static_cast<float>(distance) * 1.000001f : FAR; }

void trace(const Node* nodes, const Corners* corners, Ray& ray) {
  Four start[3], slope[3];
  int near[3];
  for (int k = 0; k < 3; ++k) {
    const auto along = static_cast<float>(ray.along[k]);
    const float s = std::fabs(along) > 1 / FAR ? 1 / along : (std::signbit(along) ? -FAR : FAR);
    const auto at = static_cast<float>(ray.start[k]);
    start[k] = Four{at, at, at, at};
    slope[k] = Four{s, s, s, s};
    near[k] = s < 0 ? k + 3 : k;
  }
  struct Entry {
    std::int32_t child;
    float distance;
  } stack[DEPTH];
  int top = 0;
  stack[top++] = {0, 0};
  float limit = reach(ray.distance);
  while (top) {
    const Entry entry = stack[--top];
    if (entry.distance > limit) continue;
    if (entry.child < 0) {
      const std::int32_t leaf = ~entry.child;
      for (std::int32_t i = leaf / 8; i < leaf / 8 + leaf % 8; ++i) meet(corners[i], ray);
      limit = reach(ray.distance);
      continue;
    }
    const Node& node = nodes[entry.child];
    Four enter = {0, 0, 0, 0}, leave = {limit, limit, limit, limit};
    for (int k = 0; k < 3; ++k) {
      const Four in = (node.bound[near[k]] - start[k]) * slope[k];
      const Four out = (node.bound[(near[k] + 3) % 6] - start[k]) * slope[k];
      enter = in > enter ? in : enter;
      leave = out < leave ? out : leave;
    }
    const auto met = enter <= leave;
    const int begin = top;
    for (int way = 0; way < WAYS; ++way) {
      if (!met[way]) continue;
      int place = top++;  // the nearest on top
      for (; place > begin && stack[place - 1].distance < enter[way]; --place) stack[place] = stack[place - 1];
      stack[place] = {node.child[way], enter[way]};
    }
  }
}

}  // namespace rays

extern "C" {

int pp_rays_node_bytes() { return sizeof(rays::Node); }
int pp_rays_corner_bytes() { return sizeof(rays::Corners); }

// The tree over triangles [n, 3, 3], n at least 1: nodes [n] of pp_rays_node_bytes each, of which fewer are used, and
// corners [n] of pp_rays_corner_bytes each.
void pp_rays_build(const double* triangles, std::int32_t n, void* nodes_out, void* corners_out) {
  using namespace rays;
  auto* nodes = static_cast<Node*>(nodes_out);
  auto* corners = static_cast<Corners*>(corners_out);
  double greatest = 1;
  for (std::int64_t i = 0; i < std::int64_t{n} * 9; ++i) greatest = std::max(greatest, std::fabs(triangles[i]));
  const auto margin = static_cast<float>(greatest * 1e-5);  // outweighs what float32 loses between ray and box
  std::vector<Reference> all(n);
  for (std::int32_t i = 0; i < n; ++i) {
    all[i].triangle = i;
    const double* t = triangles + std::int64_t{i} * 9;
    for (int k = 0; k < 3; ++k) {
      all[i].box.low[k] = static_cast<float>(std::min({t[k], t[k + 3], t[k + 6]})) - margin;
      all[i].box.high[k] = static_cast<float>(std::max({t[k], t[k + 3], t[k + 6]})) + margin;
    }
  }
  std::int32_t used = 1;
  std::vector<std::pair<std::int32_t, Piece>> open{{0, {0, n, around(all, 0, n)}}};
  while (!open.empty()) {
    const auto [place, whole] = open.back();
    open.pop_back();
    Piece pieces[WAYS] = {whole};
    int count = 1;
    while (count < WAYS) {
      int largest = -1;
      for (int i = 0; i < count; ++i)
        if (pieces[i].size() > LEAF && (largest < 0 || pieces[i].box.area() > pieces[largest].box.area())) largest = i;
      if (largest < 0) break;
      Piece left, right;
      split(all, pieces[largest], left, right);
      pieces[largest] = left;
      pieces[count++] = right;
    }
    Node& node = nodes[place];
    for (int way = 0; way < WAYS; ++way) {
      const bool filled = way < count;
      for (int k = 0; k < 3; ++k) {
        node.bound[k][way] = filled ? pieces[way].box.low[k] : FAR;
        node.bound[k + 3][way] = filled ? pieces[way].box.high[k] : -FAR;
      }
      node.child[way] = 0;
      if (!filled) continue;
      if (pieces[way].size() <= LEAF) {
        node.child[way] = ~(pieces[way].begin * 8 + pieces[way].size());
      } else {
        node.child[way] = used;
        open.emplace_back(used++, pieces[way]);
      }
    }
  }
  for (std::int32_t i = 0; i < n; ++i) {
    const double* t = triangles + std::int64_t{all[i].triangle} * 9;
    corners[i].triangle = all[i].triangle;
    for (int k = 0; k < 3; ++k) {
      corners[i].at[k] = t[k];
      corners[i].first[k] = t[k + 3] - t[k];
      corners[i].second[k] = t[k + 6] - t[k];
    }
    double normal[3];
    cross(corners[i].first, corners[i].second, normal);
    corners[i].area = std::sqrt(dot(normal, normal));
  }
}

// The first triangle that each ray meets within its limit: distance [n], infinity where there is none, in units of the
// ray's direction, and triangle [n], -1 where there is none. Limits are null or [n].
void pp_rays_cast(const void* nodes, const void* corners, const double* start, const double* along, const double* limit,
                  std::int64_t n, double* distance, std::int32_t* triangle, int threads) {
  using namespace rays;
  parallel(threads, static_cast<int>((n + RAY_BLOCK - 1) / RAY_BLOCK), [=](int block) {
    const std::int64_t end = std::min(n, (block + std::int64_t{1}) * RAY_BLOCK);
    for (std::int64_t i = std::int64_t{block} * RAY_BLOCK; i < end; ++i) {
      Ray ray;
      for (int k = 0; k < 3; ++k) {
        ray.start[k] = start[3 * i + k];
        ray.along[k] = along[3 * i + k];
      }
      ray.length = std::sqrt(dot(ray.along, ray.along));
      ray.distance = limit ? limit[i] : HUGE_VAL;
      ray.triangle = -1;
      trace(static_cast<const Node*>(nodes), static_cast<const Corners*>(corners), ray);
      distance[i] = ray.triangle < 0 ? HUGE_VAL : ray.distance;
      triangle[i] = ray.triangle;
    }
  });
}
}
