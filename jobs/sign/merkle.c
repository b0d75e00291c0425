/* merkle.c - see merkle.h. */
#include "jobs/sign/merkle.h"

#include <string.h>

#include "enclave/vault/seal.h"

_Static_assert(sizeof(struct sl_merkle_hash) == SL_SEAL_DIGEST_BYTES, "a hash is one digest");

static bool same(const struct sl_merkle_hash *a, const struct sl_merkle_hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0;
}

static enum sl_rc node(const struct sl_merkle_hash *left, const struct sl_merkle_hash *right,
                       struct sl_merkle_hash *out, struct sl_err *err)
{
	uint8_t bytes[1 + 2 * sizeof left->b];

	bytes[0] = 1;
	memcpy(bytes + 1, left->b, sizeof left->b);
	memcpy(bytes + 1 + sizeof left->b, right->b, sizeof right->b);
	return sl_seal_sha256(bytes, sizeof bytes, out->b, err);
}

enum sl_rc sl_merkle_leaf(const void *entry, size_t len, struct sl_merkle_hash *out, struct sl_err *err)
{
	const struct sl_seal_part parts[] = { { "", 1 }, { entry, len } };

	return sl_seal_sha256_parts(parts, 2, out->b, err);
}

bool sl_merkle_is_whole(uint64_t size, unsigned level)
{
	return level < SL_MERKLE_PROOF_MAX && (size & (((uint64_t)1 << level) - 1)) == 0;
}

enum sl_rc sl_merkle_edge_grow(struct sl_merkle_edge *edge, unsigned level, const struct sl_merkle_hash *subtree,
                               struct sl_merkle_hash *whole, struct sl_err *err)
{
	struct sl_merkle_hash h = *subtree;
	unsigned k = level;

	SL_REQUIRE(sl_merkle_is_whole(edge->size, level));
	if (edge->size > UINT64_MAX - ((uint64_t)1 << level))
		return sl_err_set(err, SL_E_BUG, "the list is full");
	for (;; k++) {
		if (whole != NULL)
			whole[k] = h;
		if ((edge->size >> k & 1) == 0)
			break;
		enum sl_rc rc = node(&edge->hash[k], &h, &h, err);
		if (rc != SL_OK)
			return rc;
	}
	edge->hash[k] = h;
	edge->size += (uint64_t)1 << level;
	return SL_OK;
}

enum sl_rc sl_merkle_edge_add(struct sl_merkle_edge *edge, const struct sl_merkle_hash *leaf, struct sl_err *err)
{
	return sl_merkle_edge_grow(edge, 0, leaf, NULL, err);
}

enum sl_rc sl_merkle_edge_root(const struct sl_merkle_edge *edge, struct sl_merkle_hash *out, struct sl_err *err)
{
	bool first = true;

	if (edge->size == 0)
		return sl_seal_sha256("", 0, out->b, err);
	for (unsigned k = 0; k < SL_MERKLE_PROOF_MAX; k++) {
		if ((edge->size >> k & 1) == 0)
			continue;
		if (first) {
			*out = edge->hash[k];
			first = false;
			continue;
		}
		enum sl_rc rc = node(&edge->hash[k], out, out, err);
		if (rc != SL_OK)
			return rc;
	}
	return SL_OK;
}

static enum sl_rc array_get(void *self, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err)
{
	(void)err;
	*out = ((const struct sl_merkle_hash *)self)[index];
	return SL_OK;
}

struct sl_merkle_leaves sl_merkle_array(const struct sl_merkle_hash *hashes, uint64_t n)
{
	return (struct sl_merkle_leaves){ .get = array_get, .self = (void *)(uintptr_t)hashes, .size = n };
}

/* The highest level at which a whole subtree begins at i and ends at hi or before. */
static unsigned tile_at(uint64_t i, uint64_t hi)
{
	unsigned level = 0;

	while (sl_merkle_is_whole(i, level + SL_MERKLE_TILE) && (hi - i) >> (level + SL_MERKLE_TILE) != 0)
		level += SL_MERKLE_TILE;
	return level;
}

/* The largest subtree from i on that is kept, or the leaf. */
static enum sl_rc next_tile(const struct sl_merkle_leaves *leaves, uint64_t i, uint64_t hi, unsigned *level,
                            struct sl_merkle_hash *out, struct sl_err *err)
{
	for (*level = leaves->node != NULL ? tile_at(i, hi) : 0; *level > 0; *level -= SL_MERKLE_TILE) {
		enum sl_rc rc = leaves->node(leaves->self, *level, i >> *level, out, err);
		if (rc != SL_E_NO)
			return rc;
	}
	return leaves->get(leaves->self, i, out, err);
}

/* The edge of the leaves from lo up to, not including, hi; lo is a multiple of a power of two, at least hi - lo. */
static enum sl_rc edge_between(const struct sl_merkle_leaves *leaves, uint64_t lo, uint64_t hi,
                               struct sl_merkle_edge *edge, struct sl_err *err)
{
	struct sl_merkle_hash hash;
	enum sl_rc rc = SL_OK;
	unsigned level;

	memset(edge, 0, sizeof *edge);
	for (uint64_t i = lo; rc == SL_OK && i < hi; i += (uint64_t)1 << level) {
		rc = next_tile(leaves, i, hi, &level, &hash, err);
		if (rc == SL_OK)
			rc = sl_merkle_edge_grow(edge, level, &hash, NULL, err);
	}
	return rc;
}

/* MTH of these leaves. */
static enum sl_rc subtree(const struct sl_merkle_leaves *leaves, uint64_t lo, uint64_t hi, struct sl_merkle_hash *out,
                          struct sl_err *err)
{
	struct sl_merkle_edge edge;
	enum sl_rc rc = edge_between(leaves, lo, hi, &edge, err);

	return rc != SL_OK ? rc : sl_merkle_edge_root(&edge, out, err);
}

enum sl_rc sl_merkle_edge_of(const struct sl_merkle_leaves *leaves, uint64_t n, struct sl_merkle_edge *edge,
                             struct sl_err *err)
{
	if (n > leaves->size)
		return sl_err_set(err, SL_E_BUG, "an edge of more leaves than there are");
	return edge_between(leaves, 0, n, edge, err);
}

enum sl_rc sl_merkle_root(const struct sl_merkle_leaves *leaves, uint64_t n, struct sl_merkle_hash *out,
                          struct sl_err *err)
{
	if (n > leaves->size)
		return sl_err_set(err, SL_E_BUG, "a root of more leaves than there are");
	return subtree(leaves, 0, n, out, err);
}

/* The largest power of two below n; n > 1. */
static uint64_t split(uint64_t n)
{
	return (uint64_t)1 << (63 - __builtin_clzll(n - 1));
}

/* Stretches of leaves whose hashes a proof lists, outermost first. */
struct stretches {
	uint32_t n;
	struct {
		uint64_t lo, hi;
	} at[SL_MERKLE_PROOF_MAX + 1];
};

static void note_stretch(struct stretches *s, uint64_t lo, uint64_t hi)
{
	s->at[s->n].lo = lo;
	s->at[s->n].hi = hi;
	s->n++;
}

/* A proof lists hashes from the leaves up, so the innermost stretch comes first. */
static enum sl_rc fill(const struct sl_merkle_leaves *leaves, const struct stretches *s, struct sl_merkle_proof *proof,
                       struct sl_err *err)
{
	memset(proof, 0, sizeof *proof);
	if (s->n > SL_MERKLE_PROOF_MAX)
		return sl_err_set(err, SL_E_BUG, "a proof of more than %d hashes", SL_MERKLE_PROOF_MAX);
	for (uint32_t i = s->n; i-- > 0;) {
		enum sl_rc rc = subtree(leaves, s->at[i].lo, s->at[i].hi, &proof->hash[proof->n], err);
		if (rc != SL_OK) {
			memset(proof, 0, sizeof *proof);
			return rc;
		}
		proof->n++;
	}
	return SL_OK;
}

enum sl_rc sl_merkle_inclusion(const struct sl_merkle_leaves *leaves, uint64_t index, uint64_t n,
                               struct sl_merkle_proof *proof, struct sl_err *err)
{
	struct stretches s = { 0 };
	uint64_t lo = 0, hi = n;

	memset(proof, 0, sizeof *proof);
	if (n > leaves->size || index >= n)
		return sl_err_set(err, SL_E_NO, "no leaf %llu in a tree of %llu", (unsigned long long)index,
		                  (unsigned long long)n);
	while (hi - lo > 1) {
		uint64_t mid = lo + split(hi - lo);
		if (index < mid) {
			note_stretch(&s, mid, hi);
			hi = mid;
		} else {
			note_stretch(&s, lo, mid);
			lo = mid;
		}
	}
	return fill(leaves, &s, proof, err);
}

static enum sl_rc does_not_fit(struct sl_err *err)
{
	return sl_err_set(err, SL_E_INTEGRITY, "the proof does not lead to the root of the log");
}

enum sl_rc sl_merkle_verify_inclusion(const struct sl_merkle_hash *leaf, uint64_t index, uint64_t n,
                                      const struct sl_merkle_hash *root, const struct sl_merkle_proof *proof,
                                      struct sl_err *err)
{
	struct sl_merkle_hash r = *leaf;
	uint64_t fn = index, sn = n - 1;

	if (index >= n || proof->n > SL_MERKLE_PROOF_MAX)
		return does_not_fit(err);
	for (uint32_t i = 0; i < proof->n; i++) {
		const struct sl_merkle_hash *p = &proof->hash[i];
		bool left = (fn & 1) != 0 || fn == sn;
		enum sl_rc rc;
		if (sn == 0)
			return does_not_fit(err);
		rc = left ? node(p, &r, &r, err) : node(&r, p, &r, err);
		if (rc != SL_OK)
			return rc;
		while (left && (fn & 1) == 0 && fn != 0) {
			fn >>= 1;
			sn >>= 1;
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && same(&r, root) ? SL_OK : does_not_fit(err);
}
