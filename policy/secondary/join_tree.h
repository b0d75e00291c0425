/*
 * join_tree.h - of tables whose keys form no cycle, the pairs whose equations say all that the others do.
 *
 * They are the edges of a join tree: what two tables have in common every table between them has, so that two that
 * agree with their neighbours agree with each other (Beeri, Fagin, Maier and Yannakakis, On the Desirability of Acyclic
 * Database Schemes, 1983). Every tree of all tables with the most keys in common along its edges is one (Bernstein and
 * Goodman, Power of Natural Semijoins, 1981).
 */
#ifndef SL_POLICY_SECONDARY_JOIN_TREE_H
#define SL_POLICY_SECONDARY_JOIN_TREE_H

#include <stdbool.h>
#include <stdint.h>

#define SL_JOIN_TREE_MAX 64

/*
 * sl_join_tree - of equally good ones a tree that branches little, else one with short equations.
 *   keys       in   per table, a bit each
 *   in_group   in   per table: it counts
 *   n          in   tables, at most SL_JOIN_TREE_MAX
 *   first_row  in   per table, and one more: it has first_row[i + 1] - first_row[i] rows
 *   tree       out  per table: a bit for each table it has an edge with
 */
void sl_join_tree(const uint64_t *keys, const bool *in_group, uint32_t n, const uint32_t *first_row, uint64_t *tree);

#endif
