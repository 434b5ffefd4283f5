// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Lists the files of the built-in model with size and SHA-256. Run from the root of the project. */
class WriteIndex {
    public static void main(String[] args) throws IOException, NoSuchAlgorithmException {
        var home = Path.of("anomalyany-tiny/src/main/resources/io/github/anomalyany/tiny");
        var bundle = home.resolve("bundle");
        List<Path> files;
        try (var walk = Files.walk(bundle)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        var index = new StringBuilder();
        for (var file : files) {
            var bytes = Files.readAllBytes(file);
            var hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            var name = bundle.relativize(file).toString().replace('\\', '/');
            index.append(hash).append(' ').append(bytes.length).append(' ').append(name).append('\n');
        }
        Files.writeString(home.resolve("bundle.index"), index);
    }
}
