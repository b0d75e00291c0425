/* base64.c - see base64.h. */
#include "jobs/sign/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void write_group(const uint8_t *p, size_t n, char out[static 4])
{
	uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0) | (n > 2 ? p[2] : 0);

	out[0] = digits[v >> 18];
	out[1] = digits[v >> 12 & 63];
	out[2] = n > 1 ? digits[v >> 6 & 63] : '=';
	out[3] = n > 2 ? digits[v & 63] : '=';
}

void sl_base64_write(const void *data, size_t len, char *out)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < len; i += 3, out += 4)
		write_group(p + i, len - i < 3 ? len - i : 3, out);
	*out = '\0';
}

void sl_base64_put(struct sl_buf *out, const void *data, size_t len)
{
	const uint8_t *p = data;
	char group[4];

	for (size_t i = 0; i < len; i += 3) {
		write_group(p + i, len - i < 3 ? len - i : 3, group);
		sl_buf_put(out, group, sizeof group);
	}
}

static int value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* How many bytes four characters stand for: 1 to 3; 0 when they are no canonical group. */
static size_t read_group(const char *text, bool last, uint8_t out[static 3])
{
	size_t n = !last || text[3] != '=' ? 3 : text[2] != '=' ? 2 : 1;
	uint32_t v = 0;

	for (size_t i = 0; i < n + 1; i++) {
		int d = value(text[i]);
		if (d < 0)
			return 0;
		v |= (uint32_t)d << (18 - 6 * i);
	}
	for (size_t i = 0; i < 3; i++)
		out[i] = (uint8_t)(v >> (16 - 8 * i));
	/* Bits below the last byte would be a second text of the same bytes. */
	for (size_t i = n; i < 3; i++)
		if (out[i] != 0)
			return 0;
	return n;
}

bool sl_base64_read(const char *text, size_t len, uint8_t *out, size_t max, size_t *nout)
{
	size_t at = 0;

	*nout = 0;
	if (len % 4 != 0)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		uint8_t group[3];
		size_t n = read_group(text + i, i + 4 == len, group);
		if (n == 0 || n > max - at)
			return false;
		for (size_t k = 0; k < n; k++)
			out[at++] = group[k];
	}
	*nout = at;
	return true;
}
