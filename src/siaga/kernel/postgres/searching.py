"""Let searches use their indexes under row-level security.

PostgreSQL looks at a row with an operator that is not marked leakproof only after the policy has
let the row pass, so no index serves such an operator: a timeline (`subjects @> …`) or a search by
trigrams read the whole region instead. The functions below raise no error that tells of a row, so
they may be marked. That takes a superuser, which the embedded server's owner is; on a server whose
owner is none everything works and long searches are slow until an administrator runs the same.

The marks belong to the cluster and are in no dump, so `siaga setup` sets them every time.
"""

FUNCTIONS = (
    "arraycontains(anyarray, anyarray)",
    "arrayoverlap(anyarray, anyarray)",
    "textlike(text, text)",
    "texticlike(text, text)",
    "similarity_op(text, text)",
    "word_similarity_op(text, text)",
    "word_similarity_commutator_op(text, text)",
)

_MARK = """
DO $$
BEGIN
    ALTER FUNCTION {function} {word};
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE WARNING 'searches stay slow: a superuser should ALTER FUNCTION {function} {word}';
    WHEN undefined_function THEN
        NULL;
END $$;
"""


def marks(word: str = "LEAKPROOF") -> str:
    """The statements; `NOT LEAKPROOF` takes the marks away again."""
    return "".join(_MARK.format(function=function, word=word) for function in FUNCTIONS)
