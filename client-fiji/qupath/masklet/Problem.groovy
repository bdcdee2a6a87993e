package masklet

/** What a person reads: a sentence that says what happened and what to do. `code` is the server's, or `stopped` for one of ours. */
class Problem extends RuntimeException {
    final String code

    Problem(message, code = 'stopped') {
        super(message.toString())
        this.code = code
    }
}
