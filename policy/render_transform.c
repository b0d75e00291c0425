/* render_transform.c - see sl_render_transformation: what was done to the numbers, in words, for reviewers. */
#include "policy/render.h"
#include "policy/transform.h"

void sl_render_transformation(const struct sl_rules *rules, struct sl_buf *out)
{
	int64_t least = 0;

	if (!sl_transform_is_on(rules))
		return;
	if (!sl_transform_count(rules, rules->threshold, 0, &least)) {
		sl_buf_text(out, "in a way that this program does not know");
		return;
	}
	if (rules->transform == SL_TRANSFORM_RANDOM)
		least = rules->threshold;
	struct sl_interval in = sl_transform_interval(rules, least);
	sl_buf_printf(out,
	              "counts %s %u: the least that is printed, %lld, is %lld to %lld; %s; other numbers are as fine as the "
	              "count behind them",
	              sl_transform_words(rules), rules->transform_base, (long long)least, (long long)in.lo, (long long)in.hi,
	              rules->transform == SL_TRANSFORM_RANDOM
	                      ? "totals are rounded by themselves and need not add up"
	                      : "totals add up the rounded cells, hidden ones left out");
}
