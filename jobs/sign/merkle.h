/*
 * merkle.h - the hash tree of an append-only list (RFC 6962, section 2.1; SHA-256): its root, and proofs that a leaf is
 * in it and that an older list is its beginning.
 *
 * Leaves are asked for through a function, so a list of any length can stay in its database.
 */
#ifndef SL_SIGN_MERKLE_H
#define SL_SIGN_MERKLE_H

#include <stdbool.h>
#include <stdint.h>

#include "enclave/base/err.h"

#define SL_MERKLE_PROOF_MAX 64
#define SL_MERKLE_TILE 8 /* whole subtrees are kept at every so many levels: of 256 leaves, of 65536, … */

struct sl_merkle_hash {
	uint8_t b[32];
};

/* Zeroed is a proof of nothing. Order of hashes as in RFC 6962: from the leaves up. */
struct sl_merkle_proof {
	uint32_t n;
	struct sl_merkle_hash hash[SL_MERKLE_PROOF_MAX];
};

/*
 * The leaf hashes of a list. get is asked for indexes below size, in any order; its failure ends the call.
 * node may be NULL: the hash of the whole subtree of the 2^level leaves from index * 2^level on, level being a multiple
 * of SL_MERKLE_TILE; SL_E_NO (err untouched): it is not kept, and its leaves are asked for.
 */
struct sl_merkle_leaves {
	enum sl_rc (*get)(void *self, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err);
	enum sl_rc (*node)(void *self, unsigned level, uint64_t index, struct sl_merkle_hash *out, struct sl_err *err);
	void *self;
	uint64_t size;
};

/* sl_merkle_is_whole - does a subtree of 2^level leaves end at size? */
bool sl_merkle_is_whole(uint64_t size, unsigned level);

/* sl_merkle_edge_of - the edge of the first n leaves (n at most leaves->size). SL_E_BUG, or what get says. */
struct sl_merkle_edge;
SL_MUST_CHECK enum sl_rc sl_merkle_edge_of(const struct sl_merkle_leaves *leaves, uint64_t n,
                                           struct sl_merkle_edge *edge, struct sl_err *err);

/* sl_merkle_array - n leaf hashes in memory; borrowed. */
struct sl_merkle_leaves sl_merkle_array(const struct sl_merkle_hash *hashes, uint64_t n);

/* sl_merkle_leaf - SHA-256(0x00, entry): the hash of one entry. SL_E_BUG. */
SL_MUST_CHECK enum sl_rc sl_merkle_leaf(const void *entry, size_t len, struct sl_merkle_hash *out, struct sl_err *err);

/*
 * sl_merkle_root - of the first n leaves (n at most leaves->size; 0: SHA-256 of nothing). SL_E_BUG, or what get
 * says.
 */
SL_MUST_CHECK enum sl_rc sl_merkle_root(const struct sl_merkle_leaves *leaves, uint64_t n, struct sl_merkle_hash *out,
                                        struct sl_err *err);

/*
 * sl_merkle_inclusion - that leaf `index` is in the tree of the first n leaves.
 * Fails: SL_E_NO (no such leaf; n more than leaves->size), SL_E_BUG, or what get says; *proof is then empty.
 */
SL_MUST_CHECK enum sl_rc sl_merkle_inclusion(const struct sl_merkle_leaves *leaves, uint64_t index, uint64_t n,
                                             struct sl_merkle_proof *proof, struct sl_err *err);

/*
 * sl_merkle_verify_inclusion - RFC 9162, 2.1.3.2 (the same trees). Nothing of the proof is trusted.
 * Fails: SL_E_INTEGRITY, SL_E_BUG.
 */
SL_MUST_CHECK enum sl_rc sl_merkle_verify_inclusion(const struct sl_merkle_hash *leaf, uint64_t index, uint64_t n,
                                                    const struct sl_merkle_hash *root,
                                                    const struct sl_merkle_proof *proof, struct sl_err *err);

/*
 * The right edge of a growing tree: appending and the root cost at most 64 hashes, without asking for old leaves.
 * Zeroed is the empty tree. hash[k] is the full subtree of 2^k leaves when bit k of size is set.
 */
struct sl_merkle_edge {
	uint64_t size;
	struct sl_merkle_hash hash[SL_MERKLE_PROOF_MAX];
};

/*
 * sl_merkle_edge_add - append a leaf hash. sl_merkle_edge_root - as sl_merkle_root.
 * sl_merkle_edge_grow - append a whole subtree of 2^level leaves; edge->size must be a multiple of that.
 *   whole  out  SL_MERKLE_PROOF_MAX hashes or NULL: whole[k] becomes the subtree of the last 2^k leaves, for each k
 *               from level on with edge->size a multiple of 2^k
 * SL_E_BUG; *edge is then unchanged.
 */
SL_MUST_CHECK enum sl_rc sl_merkle_edge_add(struct sl_merkle_edge *edge, const struct sl_merkle_hash *leaf,
                                            struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_merkle_edge_grow(struct sl_merkle_edge *edge, unsigned level,
                                             const struct sl_merkle_hash *subtree, struct sl_merkle_hash *whole,
                                             struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_merkle_edge_root(const struct sl_merkle_edge *edge, struct sl_merkle_hash *out,
                                             struct sl_err *err);

#endif
