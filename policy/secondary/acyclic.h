/*
 * acyclic.h - whether tables that agree where they overlap must all be sums of one table.
 *
 * Each table is the set of keys it is grouped by. Of A × B, B × C and A × C any two can agree, and yet there are no
 * rows that give all three: their equations say less than everybody knows, and a witness of them proves nothing. When
 * the sets are acyclic, tables of numbers >= 0 that agree two by two are sums of one (Atserias and Kolaitis, Structure
 * and Complexity of Bag Consistency, 2021, theorem 2).
 */
#ifndef SL_POLICY_SECONDARY_ACYCLIC_H
#define SL_POLICY_SECONDARY_ACYCLIC_H

#include <stdbool.h>
#include <stdint.h>

/* sl_is_acyclic - of n sets of keys, a bit each; by Graham's reduction. Uses up `sets`. */
bool sl_is_acyclic(uint64_t *sets, uint32_t n);

#endif
