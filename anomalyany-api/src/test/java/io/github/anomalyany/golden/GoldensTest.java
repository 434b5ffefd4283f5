// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The helper that all golden tests trust must itself be able to fail. */
class GoldensTest {
    @TempDir
    Path folder;

    private GoldenFile golden;

    @BeforeEach
    void writeASet() throws IOException {
        Files.createDirectory(folder.resolve("kind"));
        String header = """
                {"__metadata__":{"about":"made by hand"},\
                "in.x":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},\
                "out.y":{"dtype":"F32","shape":[2,1],"data_offsets":[6,14]},\
                "out.n":{"dtype":"U8","shape":[2],"data_offsets":[14,16]}}""";
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(8 + json.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(json.length).put(json);
        bytes.putShort((short) 0x3c00).putShort((short) 0xc500).putShort((short) 0x0001);
        bytes.putFloat(1.5f).putFloat(Float.NaN).put((byte) 7).put((byte) 200);
        Files.write(folder.resolve("kind/a.safetensors"), bytes.array());
        Files.writeString(
                folder.resolve("tolerances.json"),
                "{\"kind/a.safetensors\": {\"y\": {\"atol\": 1e-3}, \"n\": {\"exact\": true}}}");
        golden = Goldens.open(folder).files("kind").get(0);
    }

    @Test
    void failsOnAnOutputThatNobodyCompared() {
        assertThatThrownBy(() -> golden.verify(check -> check.compare("n", new int[] {7, 200})))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("y: no test compared it")
                .hasMessageNotContaining("n: ");
    }

    @Test
    void failsBeyondTheToleranceAndSaysWhere() {
        assertThatThrownBy(() -> golden.verify(check -> {
                    check.compare("n", new int[] {7, 201});
                    check.compare("y", new float[] {1.502f, Float.NaN});
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("n: off by 1.00 at [1] (ours 201.0, golden 200.0), allowed 0.00")
                .hasMessageContaining("y: off by 0.00200 at [0, 0]");
    }

    @Test
    void failsOnNotANumberAtAnotherPlace() {
        assertThatThrownBy(() -> golden.verify(check -> {
                    check.compare("n", new int[] {7, 200});
                    check.compare("y", new float[] {Float.NaN, Float.NaN});
                }))
                .hasMessageContaining("y: off by Infinity");
        assertThatThrownBy(() -> golden.verify(check -> check.compare("y", new float[] {1.5f, 0})))
                .hasMessageContaining("y: off by Infinity at [1, 0]");
    }

    @Test
    void failsOnAnotherShapeOrLength() {
        assertThatThrownBy(() -> golden.verify(check -> check.compare("y", new float[] {1.5f})))
                .hasMessageContaining("y: ours has 1 values, the golden is F32[2, 1]");
        assertThatThrownBy(() -> golden.verify(check -> check.compare("y", new float[] {1.5f, Float.NaN}, 1, 2)))
                .hasMessageContaining("y: ours has [1, 2]");
    }

    @Test
    void reportsEarlierMismatchesWhenTheBodyThrows() {
        assertThatThrownBy(() -> golden.verify(check -> {
                    check.compare("n", new int[] {8, 200});
                    throw new IOException("broken pipe");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("broken pipe")
                .hasMessageContaining("n: off by 1.00");
    }

    @Test
    void failsWithoutARowOfTolerances() throws IOException {
        Files.writeString(folder.resolve("tolerances.json"), "{\"kind/a.safetensors\": {\"n\": {\"scale\": 3}}}");
        var bare = Goldens.open(folder).file("kind/a.safetensors");
        assertThatThrownBy(() -> bare.tolerance("y")).hasMessageContaining("no row y");
        assertThatThrownBy(() -> bare.tolerance("n")).hasMessageContaining("neither exact nor atol");
    }

    @Test
    void failsOnAFolderWithoutGoldens() {
        assertThatThrownBy(() -> Goldens.open(folder).files("kind", "b")).hasMessageContaining("no goldens b*");
    }

    @Test
    void acceptsOutputsWithinTheTolerance() {
        assertThatCode(() -> golden.verify(check -> {
                    check.compare("n", new byte[] {7, (byte) 200});
                    check.compare("y", new float[] {1.5009f, Float.NaN}, 2, 1);
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void readsTensorsByTypeAndShape() {
        assertThat(golden.about()).isEqualTo("made by hand");
        assertThat(golden.in("x").toFloats()).containsExactly(1f, -5f, 0x1p-24f);
        assertThat(golden.out("n").toLongs()).containsExactly(7, 200);
        assertThat(golden.out("y").get(0).item()).isEqualTo(1.5);
        assertThat(golden.out("y")).hasToString("F32[2, 1]");
        assertThat(golden.inputs()).containsExactly("x");
        assertThat(golden.outputs()).containsExactly("n", "y");
    }

    @Test
    void refusesMalformedJson() {
        for (String json : new String[] {"", "{", "[1,]", "{\"a\" 1}", "nul", "1 2", "\"a", "[1}"}) {
            assertThatThrownBy(() -> JsonReader.parse(json)).as(json).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void readsJson() {
        Map<String, Object> value =
                JsonReader.object("{\"a\": [1, -2.5e3, true, null], \"b\": {\"c\": \"x\\\"\\u00e9\\n\"}, \"d\": []}");
        assertThat(JsonReader.asList(value.get("a"))).containsExactly(1L, -2500.0, true, null);
        assertThat(JsonReader.asObject(value.get("b"))).containsEntry("c", "x\"é\n");
        assertThat(JsonReader.asList(value.get("d"))).isEmpty();
    }
}
