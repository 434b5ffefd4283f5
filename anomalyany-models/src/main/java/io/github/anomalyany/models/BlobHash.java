// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The hash that a file of a repository must have: SHA-256 of large ones, Git's SHA-1 of a blob of small ones. The cache
 * names files by it.
 *
 * @param hex lower-case hexadecimal, 64 or 40 digits
 */
record BlobHash(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    BlobHash {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("\"%s\" is no SHA-256 and no Git hash".formatted(hex));
        }
    }

    /** A digest that has seen whatever comes before the first byte of the file. */
    MessageDigest start(long size) {
        try {
            if (hex.length() == 64) {
                return MessageDigest.getInstance("SHA-256");
            }
            var digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + size + '\0').getBytes(US_ASCII));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + kind(), e);
        }
    }

    String kind() {
        return hex.length() == 64 ? "SHA-256" : "Git SHA-1";
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
