#include <config.h>

#include "tests/unit/unit.h"

#include <string.h>

#include "wire/node.h"

/* Where ssh is to go: what a user, or a peer, may write, and how it is written here. */
static void destinations(void **state)
{
	static const struct {
		const char *text, *written, *operands; /* written NULL: it is none */
	} cases[] = {
		{ "beta", "beta", "beta" }, { "tom@beta", "tom@beta", "tom@beta" }, { "beta:22", "beta:22", "-p 22 beta" },
		{ "ssh://beta", "beta", "beta" }, { "ssh://tom@beta:2222", "tom@beta:2222", "-p 2222 tom@beta" },
		{ "ssh://beta/", "beta", "beta" }, { "ssh://tom@beta:22/", "tom@beta:22", "-p 22 tom@beta" }, { "ssh://beta:", "beta", "beta" },
		{ "ssh://tom;x=1@beta:/", "tom@beta", "tom@beta" }, { "ssh:///", NULL, NULL }, { "ssh://:", NULL, NULL }, { "ssh://;@beta", NULL, NULL },
		{ "ssh://beta//", NULL, NULL }, { "tom;x=1@beta", NULL, NULL }, { "ssh://[::1]:", "[::1]", "::1" },
		{ "::1", "[::1]", "::1" }, { "[::1]", "[::1]", "::1" }, { "[::1]:22", "[::1]:22", "-p 22 ::1" },
		{ "tom@[fe80::1%eth0]:22", "tom@[fe80::1%eth0]:22", "-p 22 tom@fe80::1%eth0" }, { "10.0.0.1:22", "10.0.0.1:22", "-p 22 10.0.0.1" },
		{ "beta,gamma", "beta,gamma", "-J beta gamma" }, { "a@beta:1,[::1]:2,tom@gamma:3", "a@beta:1,[::1]:2,tom@gamma:3", "-J a@beta:1,[::1]:2 -p 3 tom@gamma" },
		{ "+beta", "+beta", "beta" }, { "alpha,+tom@beta:2", "alpha,+tom@beta:2", "-J alpha -p 2 tom@beta" },
		{ "+alpha,beta", NULL, NULL }, { "++beta", NULL, NULL }, { "+", NULL, NULL }, { "+-oX", NULL, NULL },
		{ "", NULL, NULL }, { "-oProxyCommand=x", NULL, NULL }, { "tom@-oX", NULL, NULL }, { "-l@beta", NULL, NULL }, { "@beta", NULL, NULL },
		{ "tom@", NULL, NULL }, { "beta:", NULL, NULL }, { "beta:0", NULL, NULL }, { "beta:65536", NULL, NULL },
		{ "beta:99999999999999999999", NULL, NULL }, { "beta: 1", NULL, NULL }, { "be ta", NULL, NULL }, { "be\nta", NULL, NULL },
		{ "ssh://", NULL, NULL }, { "ssh://ssh://beta", NULL, NULL }, { "[beta]:22", NULL, NULL }, { "[::1", NULL, NULL }, { "[::1]x", NULL, NULL },
		{ "fe80::1%", NULL, NULL }, { "fe80::1%$(x)", NULL, NULL }, { ",beta", NULL, NULL }, { "beta,", NULL, NULL },
		{ "a,,b", NULL, NULL }, { "-J,beta", NULL, NULL }, { "a,-oX", NULL, NULL }, { "a,beta,", NULL, NULL },
		/* users as directories have them; the last `@' counts */
		{ "tom@example.org@beta", "tom@example.org@beta", "tom@example.org@beta" }, { "a@@beta", "a@@beta", "a@@beta" },
		{ "DOM\\tom@beta:22", "DOM\\tom@beta:22", "-p 22 'DOM\\tom@beta'" }, { "tom+x@beta", "tom+x@beta", "tom+x@beta" },
		{ "+a:b%c/d@beta", "+a:b%c/d@beta", "a:b%c/d@beta" }, { "m\xc3\xbcller@beta", "m\xc3\xbcller@beta", "m\xc3\xbcller@beta" },
		{ "tom\\@beta", NULL, NULL }, { "-tom@e.org@beta", NULL, NULL }, { "@tom@beta", "@tom@beta", "@tom@beta" }, { "++tom@beta", NULL, NULL },
		{ "tom$@beta", NULL, NULL }, { "tom'@beta", NULL, NULL }, { "to m@beta", NULL, NULL }, { "tom#@beta", NULL, NULL },
		{ "to\033m@beta", NULL, NULL }, { "tom;x@beta", NULL, NULL }, { "tom`x`@beta", NULL, NULL }, { "tom\"@beta", NULL, NULL },
		/* names in a Host line; no number behind a colon is a part of it */
		{ "gpu/01", "gpu/01", "gpu/01" }, { "m%n", "m%n", "m%n" }, { "prod:web", "prod:web", "prod:web" }, { "a+b:22", "a+b:22", "-p 22 a+b" },
		{ "a:b:c", "a:b:c", "a:b:c" }, { "prod:web:22", "prod:web:22", "prod:web:22" }, { "beta:+1", "beta:+1", "beta:+1" }, { "beta/", "beta/", "beta/" },
		{ "\xc3\xbc" "ber:22", "\xc3\xbc" "ber:22", "-p 22 \xc3\xbc" "ber" }, { "tom@prod:web", "tom@prod:web", "tom@prod:web" },
		{ "beta,tom@gpu/01", "beta,tom@gpu/01", "-J beta tom@gpu/01" }, { ":web", NULL, NULL }, { "web:", NULL, NULL }, { "x::y", NULL, NULL },
		{ "a%$(x)", NULL, NULL }, { "a\\b", NULL, NULL }, { "a*", NULL, NULL }, { "[a]", NULL, NULL }, { "~a", NULL, NULL },
		/* bytes that are no letters in UTF-8: controls, a mark of direction, halves */
		{ "a\xc2\x9b" "b", NULL, NULL }, { "a\xe2\x80\xae" "b", NULL, NULL }, { "a\xc3", NULL, NULL }, { "\xbc" "b", NULL, NULL },
		{ "a\x9b" "b", NULL, NULL }, { "a\x7f", NULL, NULL },
		/* through a hop, and in a URI, ssh(1) is not the last to read it */
		{ "tom@example.org@beta,gamma", "tom@example.org@beta,gamma", "-J tom@example.org@beta gamma" }, { "DOM\\tom@beta,gamma", NULL, NULL },
		{ "a%h,beta", NULL, NULL }, { "gpu/01,beta", NULL, NULL }, { "prod:web,beta", NULL, NULL }, { "a%h@beta,gamma", NULL, NULL },
		{ "beta,DOM\\tom@gamma", "beta,DOM\\tom@gamma", "-J beta 'DOM\\tom@gamma'" }, { "ssh://tom+x@beta", NULL, NULL },
		{ "ssh://a@b@beta", NULL, NULL }, { "ssh://prod:web", NULL, NULL }, { "ssh://gpu/01", NULL, NULL },
		{ "ssh://tom%40example.org@beta:22", "tom@example.org@beta:22", "-p 22 tom@example.org@beta" }, { "ssh://DOM%5ctom@beta", "DOM\\tom@beta", "'DOM\\tom@beta'" },
		{ "ssh://tom%@beta", NULL, NULL }, { "ssh://tom%4@beta", NULL, NULL }, { "ssh://tom%00x@beta", NULL, NULL }, { "ssh://tom%0a@beta", NULL, NULL },
		{ "ssh://tom%27@beta", NULL, NULL }, { "ssh://%2dl@beta", NULL, NULL }, { "ssh://DOM%5ctom@beta,gamma", NULL, NULL }, { "ssh://%00@beta", NULL, NULL },
		{ "ssh://%@beta", NULL, NULL }, { "ssh://ssh%3a%2f%2fx@beta", NULL, NULL },
	};
	char written[NODE_DESTINATION_MAX], operands[NODE_DESTINATION_MAX], big[4096];
	struct node_destination d;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool good = node_destination(cases[i].text, &d);

		if (good != (cases[i].written != NULL))
			fail_msg("%s", cases[i].text);
		if (!good)
			continue;
		node_destination_text(&d, written);
		assert_string_equal(written, cases[i].written);
		node_destination_operands(&d, operands);
		assert_string_equal(operands, cases[i].operands);
		assert_int_equal(node_destination_valid(cases[i].text), strcmp(cases[i].text, cases[i].written) == 0);
		assert_true(node_destination_valid(written));
	}
	for (size_t len = 200; len < sizeof(big) - 10; len += 61) /* nothing is cut off */
		for (int form = 0; form < 3; form++) {
			memset(big, 'a', len);
			memcpy(big + len, form == 0 ? "" : form == 1 ? "@b" : ",b", form == 0 ? 1 : 3);
			if (!node_destination(big, &d))
				continue;
			node_destination_text(&d, written);
			assert_string_equal(written, big);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(destinations) };

	return cmocka_run_group_tests_name("node", tests, NULL, NULL);
}
