/* join_tree.c - see join_tree.h: by Kruskal's algorithm, the best edge between two parts first. */
#include "policy/secondary/join_tree.h"

struct edge {
	uint32_t a, b;
	int common;
	int branches;  /* of the end that has more */
	uint64_t rows;
};

static bool is_better(const struct edge *x, const struct edge *y)
{
	if (x->common != y->common)
		return x->common > y->common;
	return x->branches != y->branches ? x->branches < y->branches : x->rows < y->rows;
}

/* The best edge between two parts. False: there is one part. */
static bool find_edge(const uint64_t *keys, const bool *in_group, uint32_t n, const uint32_t *first_row,
                      const uint64_t *tree, const uint32_t *part, struct edge *best)
{
	bool found = false;

	for (uint32_t a = 0; a < n; a++)
		for (uint32_t b = a + 1; b < n; b++) {
			int of_a = __builtin_popcountll(tree[a]), of_b = __builtin_popcountll(tree[b]);
			struct edge e = { a, b, __builtin_popcountll(keys[a] & keys[b]), of_a > of_b ? of_a : of_b,
				          (uint64_t)first_row[a + 1] - first_row[a] + first_row[b + 1] - first_row[b] };
			if (!in_group[a] || !in_group[b] || part[a] == part[b] || (found && !is_better(&e, best)))
				continue;
			*best = e;
			found = true;
		}
	return found;
}

void sl_join_tree(const uint64_t *keys, const bool *in_group, uint32_t n, const uint32_t *first_row, uint64_t *tree)
{
	uint32_t part[SL_JOIN_TREE_MAX];
	struct edge e = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		tree[i] = 0;
		part[i] = i;
	}
	while (find_edge(keys, in_group, n, first_row, tree, part, &e)) {
		uint32_t gone = part[e.b];
		tree[e.a] |= UINT64_C(1) << e.b;
		tree[e.b] |= UINT64_C(1) << e.a;
		for (uint32_t i = 0; i < n; i++)
			part[i] = part[i] == gone ? part[e.a] : part[i];
	}
}
