package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.RowReader.RowChoice;
import dev.tributary.sink.clickhouse.core.RowReader.Step;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Turns a writer's schema and the wanted parts of a record into steps. */
final class StepCompiler {
  private final RowChoice choice;
  private final TopicLayout layout;

  StepCompiler(RowChoice choice, TopicLayout layout) {
    this.choice = choice;
    this.layout = layout;
  }

  /** A step that reads a value of the schema into the target. */
  Step step(Schema schema, Target target) {
    if (schema.getType() == Schema.Type.UNION) {
      return union(schema, target);
    }
    if (target instanceof Target.Leaf leaf) {
      return LeafSteps.leaf(
          schema, leaf.column(), layout.columnSpecs().get(leaf.column()).type().kind());
    }
    if (target instanceof Target.Fields fields && schema.getType() == Schema.Type.RECORD) {
      return record(schema, fields.byName());
    }
    if (target instanceof Target.Items items && schema.getType() == Schema.Type.ARRAY) {
      return array(step(schema.getElementType(), items.item()), items.offsets());
    }
    if (target instanceof Target.Entries entries && schema.getType() == Schema.Type.MAP) {
      return map(step(schema.getValueType(), entries.value()), entries.offsets(), entries.key());
    }
    if (target instanceof Target.FieldsAsMap all && schema.getType() == Schema.Type.RECORD) {
      return fieldsAsMap(schema, all);
    }
    throw new IllegalArgumentException(
        "schema " + RowReader.nameOf(schema) + " does not fit " + target);
  }

  private Step union(Schema schema, Target target) {
    List<Schema> types = schema.getTypes();
    Step[] steps = new Step[types.size()];
    for (int i = 0; i < steps.length; i++) {
      Schema type = types.get(i);
      if (target instanceof Target.Branches branches) {
        steps[i] = branch(type, branches.byFullName());
      } else if (type.getType() == Schema.Type.NULL) {
        steps[i] = absent(target);
      } else {
        steps[i] = step(type, target);
      }
    }
    return choose(steps);
  }

  private static Step choose(Step[] steps) {
    return (in, out) -> {
      int index = in.readInt();
      if (index < 0 || index >= steps.length) {
        throw new MalformedRecordException("union branch " + index + " of " + steps.length);
      }
      steps[index].read(in, out);
    };
  }

  private Step branch(Schema type, Map<String, Target.Branch> branches) {
    Target.Branch branch =
        type.getType() == Schema.Type.RECORD ? branches.get(type.getFullName()) : null;
    if (branch == null) {
      Step skip = Skips.skip(type);
      return (in, out) -> {
        choice.set(RowReader.noRow());
        skip.read(in, out);
      };
    }
    Step record = step(type, branch.record());
    return (in, out) -> {
      choice.set(branch.rows());
      record.read(in, out);
    };
  }

  private Step record(Schema schema, Map<String, Target> wanted) {
    List<Step> steps = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      Target target = wanted.get(field.name());
      steps.add(target == null ? Skips.skip(field.schema()) : step(field.schema(), target));
    }
    wanted.forEach(
        (name, target) -> {
          if (schema.getField(name) == null) {
            steps.add(absent(target));
          }
        });
    Step[] all = steps.toArray(Step[]::new);
    return (in, out) -> {
      for (Step each : all) {
        each.read(in, out);
      }
    };
  }

  private static Step array(Step item, int offsets) {
    return (in, out) -> {
      long items = 0;
      for (long count = in.readBlockCount(); count != 0; count = in.readBlockCount()) {
        for (long i = 0; i < count; i++) {
          item.read(in, out);
        }
        items += count;
      }
      out.offsets(offsets).close(items);
    };
  }

  private static Step map(Step value, int offsets, int key) {
    return (in, out) -> {
      long entries = 0;
      for (long count = in.readBlockCount(); count != 0; count = in.readBlockCount()) {
        for (long i = 0; i < count; i++) {
          LeafSteps.text(in, out.column(key));
          value.read(in, out);
        }
        entries += count;
      }
      out.offsets(offsets).close(entries);
    };
  }

  /** Each field that is there becomes an entry; the entries of a map field keep its name first. */
  private static Step fieldsAsMap(Schema schema, Target.FieldsAsMap target) {
    List<EntryStep> steps = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      steps.add(entryStep(field, target));
    }
    EntryStep[] all = steps.toArray(EntryStep[]::new);
    return (in, out) -> {
      int entries = 0;
      for (EntryStep each : all) {
        entries += each.read(in, out);
      }
      out.offsets(target.offsets()).close(entries);
    };
  }

  /** Reads a field and answers how many entries it made. */
  @FunctionalInterface
  private interface EntryStep {
    int read(AvroCursor in, BlockData out);
  }

  private static EntryStep entryStep(Schema.Field field, Target.FieldsAsMap target) {
    byte[] name = LeafSteps.wireText(field.name());
    Schema schema = field.schema();
    if (isNullableText(schema)) {
      int nullIndex = schema.getTypes().get(0).getType() == Schema.Type.NULL ? 0 : 1;
      return (in, out) -> {
        if (in.readInt() == nullIndex) {
          return 0;
        }
        out.column(target.key()).putWireText(name);
        LeafSteps.text(in, out.column(target.value()));
        return 1;
      };
    }
    if (schema.getType() == Schema.Type.MAP
        && schema.getValueType().getType() == Schema.Type.STRING) {
      return (in, out) -> customEntries(in, out, field.name() + ".", target);
    }
    Step skip = Skips.skip(schema);
    return (in, out) -> {
      skip.read(in, out);
      return 0;
    };
  }

  private static int customEntries(
      AvroCursor in, BlockData out, String prefix, Target.FieldsAsMap target) {
    int entries = 0;
    for (long count = in.readBlockCount(); count != 0; count = in.readBlockCount()) {
      for (long i = 0; i < count; i++) {
        int length = in.readLength();
        String key =
            prefix + new String(in.array(), in.take(length), length, StandardCharsets.UTF_8);
        out.column(target.key()).putWireText(LeafSteps.wireText(key));
        LeafSteps.text(in, out.column(target.value()));
        entries++;
      }
    }
    return entries;
  }

  private static boolean isNullableText(Schema schema) {
    return schema.getType() == Schema.Type.UNION
        && schema.getTypes().size() == 2
        && schema.getTypes().stream().anyMatch(type -> type.getType() == Schema.Type.NULL)
        && schema.getTypes().stream().anyMatch(type -> type.getType() == Schema.Type.STRING);
  }

  /** Everything below the target is absent: null or default in columns, empty arrays and maps. */
  private static Step absent(Target target) {
    if (target instanceof Target.Leaf leaf) {
      return (in, out) -> out.column(leaf.column()).putAbsent();
    }
    if (target instanceof Target.Items items) {
      return (in, out) -> out.offsets(items.offsets()).close(0);
    }
    if (target instanceof Target.Entries entries) {
      return (in, out) -> out.offsets(entries.offsets()).close(0);
    }
    if (target instanceof Target.FieldsAsMap all) {
      return (in, out) -> out.offsets(all.offsets()).close(0);
    }
    if (target instanceof Target.Fields fields) {
      Step[] each =
          fields.byName().values().stream().map(StepCompiler::absent).toArray(Step[]::new);
      return (in, out) -> {
        for (Step step : each) {
          step.read(in, out);
        }
      };
    }
    throw new IllegalArgumentException("a union of records cannot be absent");
  }

  /** Whether the schema is an amount; throws where its scale is not ours. */
  static boolean isAmount(Schema schema) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      if (decimal.getScale() != ColumnKind.DECIMAL_SCALE) {
        throw new IllegalArgumentException(
            "decimal scale " + decimal.getScale() + ", allowed: " + ColumnKind.DECIMAL_SCALE);
      }
      return true;
    }
    return false;
  }
}
