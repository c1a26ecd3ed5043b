# One image for every application; the command chooses which:
#   docker run tributary dev.tributary.attribution.AttributionMain
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /src
COPY . .
# The build writes the class path of its own artifact list: exactly these jars, nothing else.
RUN mvn -B -ntp -Dquick -pl standalone -am package \
 && mkdir -p /app/lib \
 && tr ':' '\n' < standalone/target/classpath.txt | xargs cp -t /app/lib \
 && cp standalone/target/standalone-*.jar /app/lib/

FROM eclipse-temurin:17-jre
# A named volume takes the owner of the folder that it covers. Numbers, because Kubernetes knows no names.
RUN groupadd --gid 10001 tributary \
 && useradd --uid 10001 --gid tributary --create-home --home-dir /var/lib/tributary --shell /usr/sbin/nologin tributary \
 && install -d -o tributary -g tributary /var/lib/tributary/state
COPY --from=build /app/lib /app/lib
USER 10001:10001
WORKDIR /var/lib/tributary
# Half for the heap: RocksDB and the threads live in the same container.
ENV JAVA_TOOL_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -Dorg.apache.avro.SERIALIZABLE_PACKAGES=dev.tributary.schemas -Dorg.apache.avro.specific.use_custom_coders=true -Dorg.apache.avro.fastread=true"
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8090 && printf 'GET /live HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '200 OK' <&3"]
ENTRYPOINT ["java", "-cp", "/app/lib/*"]
